import { type InputHTMLAttributes, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from "react";

import { cx } from "./cx";

const BOX = cx(
  "h-7.5 w-full min-w-0 rounded-md border border-line-strong bg-surface px-2 text-[0.8125rem] text-fg",
  "aria-invalid:border-danger disabled:opacity-60",
);

export function TextInput({ className, ...rest }: InputHTMLAttributes<HTMLInputElement>) {
  return <input type="text" autoComplete="off" spellCheck={false} className={cx(BOX, className)} {...rest} />;
}

export function TextArea({ className, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return <textarea autoComplete="off" spellCheck={false} className={cx(BOX, "h-auto py-1 font-mono text-xs", className)} {...rest} />;
}

interface RadioProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onPick: (value: string) => void;
}

/** A few choices that exclude each other, all in view. */
export function RadioGroup({ label, value, choices, onPick }: RadioProps) {
  const name = useId();
  return (
    <div role="radiogroup" aria-label={label} className="flex flex-col gap-1">
      {choices.map((choice) => (
        <label key={choice.value} className="flex items-center gap-2 text-xs">
          <input
            type="radio"
            name={name}
            className="size-3.5 accent-(--accent-solid)"
            checked={choice.value === value}
            onChange={() => onPick(choice.value)}
          />
          {choice.label}
        </label>
      ))}
    </div>
  );
}

interface CheckboxProps {
  readonly label: string;
  readonly checked: boolean;
  readonly onCheck: (checked: boolean) => void;
}

export function Checkbox({ label, checked, onCheck }: CheckboxProps) {
  return (
    <label className="flex items-center gap-2 text-xs">
      <input
        type="checkbox"
        className="size-3.5 accent-(--accent-solid)"
        checked={checked}
        onChange={(event) => onCheck(event.target.checked)}
      />
      {label}
    </label>
  );
}

export interface Choice {
  readonly value: string;
  readonly label: string;
}

interface SelectProps extends Omit<SelectHTMLAttributes<HTMLSelectElement>, "onChange"> {
  readonly choices: readonly Choice[];
  readonly onPick: (value: string) => void;
  /** Shown while nothing is chosen; cannot be chosen itself. */
  readonly prompt?: string;
}

/** A native select: the platform's own keyboard and screen-reader behaviour. */
export function Select({ choices, onPick, prompt, className, value, ...rest }: SelectProps) {
  const known = choices.some((choice) => choice.value === value);
  return (
    <select
      className={cx(BOX, "pr-1", className)}
      value={value}
      onChange={(event) => onPick(event.target.value)}
      {...rest}
    >
      {prompt !== undefined && (
        <option value="" disabled>
          {prompt}
        </option>
      )}
      {/* A value that upstream no longer offers stays visible, so that the break can be seen and mended. */}
      {!known && typeof value === "string" && value !== "" && <option value={value}>{value} (missing)</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
