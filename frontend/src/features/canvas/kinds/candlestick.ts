import { ChartCandlestick } from "lucide-react";

import { PRICE_FIELDS, readCandles } from "@/shared/components/charts/encodings";
import { isNumeric, isTemporal, type Schema } from "@/shared/schema/types";
import { S } from "@/shared/strings";

import type { Config } from "../document/doc";
import { text } from "./configs";
import type { Look } from "./kind";

const VOLUME = /volume|quantity|size/i;

/** The first time; prices by their names, then by their places; the volume by its name. */
export function firstCandles(input: Schema | null): Config {
  const columns = input ?? [];
  const numbers = columns.filter((column) => isNumeric(column.type)).map(({ name }) => name);
  const time = columns.find((column) => isTemporal(column.type))?.name ?? "";
  const volume = numbers.find((name) => VOLUME.test(name));
  const left = numbers.filter((name) => name !== volume);
  const take = (field: string) => {
    const wanted = new RegExp(`(^|_)${field}(_|$)`, "i");
    const found = left.find((name) => wanted.test(name));
    if (found !== undefined) left.splice(left.indexOf(found), 1);
    return found;
  };
  const prices = PRICE_FIELDS.map((field) => [field, take(field)] as const);
  const filled = prices.map(([field, name]) => [field, name ?? left.shift() ?? ""]);
  return { time, ...(Object.fromEntries(filled) as Record<string, string>), ...(volume !== undefined && { volume }) };
}

export const candlestick: Look = {
  ...S.kinds.candlestick,
  group: "output",
  icon: ChartCandlestick,
  defaults: firstCandles,
  configured: (data) => ["time", ...PRICE_FIELDS].every((field) => text(data[field]) !== ""),
  summary: (data) => {
    const { time, open, high, low, close, volume } = readCandles(data);
    const drawn = [open, high, low, close, ...(volume === undefined ? [] : [volume])];
    if (time === "" || drawn.includes("")) return S.node.summary.noPrices;
    return S.node.summary.chart(time, drawn.join(", "));
  },
};
