import { PRICE_FIELDS } from "@/shared/components/charts/encodings";
import { isNumeric, isTemporal } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { FormProps } from "../form";
import { ColumnField } from "./ColumnField";

export function CandlestickForm(form: FormProps) {
  const names = S.settings.candle;
  return (
    <div className="flex flex-col gap-4">
      <ColumnField label={names.time} field="time" form={form} only={({ type }) => isTemporal(type)} />
      {PRICE_FIELDS.map((field) => (
        <ColumnField key={field} label={names[field]} field={field} form={form} only={({ type }) => isNumeric(type)} />
      ))}
      <ColumnField
        label={names.volume}
        field="volume"
        form={form}
        none={S.settings.noVolume}
        only={({ type }) => isNumeric(type)}
      />
    </div>
  );
}
