import { FoldHorizontal, UnfoldHorizontal } from "lucide-react";
import { useMemo, useState } from "react";

import type { Row, WireColumn } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { IconButton } from "@/shared/ui/IconButton";

import { ChartFrame } from "./ChartFrame";
import { Note } from "./Note";
import { candleOption } from "./candleOption";
import { buildBars } from "./candles";
import { type CandleEncoding, PRICE_FIELDS } from "./encodings";
import { useLook } from "./useLook";

interface Props {
  readonly encoding: CandleEncoding;
  readonly columns: readonly WireColumn[];
  readonly rows: readonly Row[];
}

/** Bars over time; times at which nothing was traded can be hidden. */
export function CandlestickView({ encoding, columns, rows }: Props) {
  const [gapsHidden, setGapsHidden] = useState(true);
  const { palette } = useLook();
  const set = useMemo(() => buildBars(columns, rows, encoding), [columns, rows, encoding]);
  const names = useMemo(
    () => [encoding.time, ...PRICE_FIELDS.map((field) => encoding[field]), encoding.volume ?? ""],
    [encoding],
  );
  const description = S.chart.barsSummary(encoding.close, set.bars.length);
  const option = useMemo(
    () => candleOption({ set, names, gapsHidden, palette, description }),
    [set, names, gapsHidden, palette, description],
  );
  return (
    <ChartFrame
      option={option}
      description={description}
      columns={columns}
      rows={rows}
      empty={set.bars.length === 0}
      tools={
        <IconButton
          icon={gapsHidden ? UnfoldHorizontal : FoldHorizontal}
          label={gapsHidden ? S.chart.gapsShown : S.chart.gapsHidden}
          onClick={() => setGapsHidden(!gapsHidden)}
        />
      }
    >
      {set.shared > 0 && <Note>{S.chart.sharedTimes(set.shared)}</Note>}
    </ChartFrame>
  );
}
