interface Props {
  readonly bars: readonly { readonly label: string; readonly count: number }[];
}

const HEIGHT = 72;

/** A small histogram; each bar says its range and count, also to those who do not see it. */
export function Bars({ bars }: Props) {
  const most = Math.max(1, ...bars.map((bar) => bar.count));
  return (
    <ul className="flex items-end gap-px border-b border-line-strong" style={{ height: HEIGHT }}>
      {bars.map(({ label, count }) => (
        <li
          key={label}
          title={label}
          aria-label={label}
          className="min-w-0 flex-1 bg-accent"
          style={{ height: count === 0 ? 0 : Math.max(2, (HEIGHT * count) / most) }}
        />
      ))}
    </ul>
  );
}
