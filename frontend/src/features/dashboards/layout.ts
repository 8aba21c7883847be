/** Places of widgets on the twelve-column grid: read, completed, moved. */

import { verticalCompactor } from "react-grid-layout/core";

import type { Place, Widget } from "@/shared/api/types";

export const COLUMNS = 12;
export const MIN_WIDTH = 2;
export const MIN_HEIGHT = 3;
const DEFAULT_WIDTH = 6;
const DEFAULT_HEIGHT = 9;

function isPlace(value: unknown): value is Place {
  const place = value as Partial<Record<keyof Place, unknown>> | null;
  return (
    typeof place === "object" &&
    typeof place?.widget_id === "string" &&
    [place.x, place.y, place.w, place.h].every((each) => typeof each === "number" && Number.isFinite(each))
  );
}

/** A place for every widget: the stored one, or else the next free half of a row at the bottom. */
export function placesOf(layout: unknown, widgets: readonly Pick<Widget, "id">[]): readonly Place[] {
  const stored = (Array.isArray(layout) ? layout : []).filter(isPlace);
  const known = widgets.flatMap(({ id }) => stored.find((place) => place.widget_id === id) ?? []);
  let bottom = Math.max(0, ...known.map((place) => place.y + place.h));
  let x = 0;
  const added = widgets
    .filter(({ id }) => !known.some((place) => place.widget_id === id))
    .map(({ id }) => {
      const place: Place = { widget_id: id, x, y: bottom, w: DEFAULT_WIDTH, h: DEFAULT_HEIGHT };
      x += DEFAULT_WIDTH;
      if (x >= COLUMNS) {
        x = 0;
        bottom += DEFAULT_HEIGHT;
      }
      return place;
    });
  return [...known, ...added];
}

export interface GridItem {
  readonly i: string;
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export function toGrid(places: readonly Place[]) {
  return places.map(({ widget_id: i, x, y, w, h }) => ({ i, x, y, w, h, minW: MIN_WIDTH, minH: MIN_HEIGHT }));
}

/** The grid's items as places, in the order of the places before. */
export function fromGrid(items: readonly GridItem[], before: readonly Place[]): readonly Place[] {
  return before.flatMap(({ widget_id }) => {
    const item = items.find(({ i }) => i === widget_id);
    return item ? [{ widget_id, x: item.x, y: item.y, w: item.w, h: item.h }] : [];
  });
}

export function samePlaces(a: readonly Place[], b: readonly Place[]): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

const limit = (value: number, least: number, most: number) => Math.min(most, Math.max(least, value));

/** Move one widget sideways by whole cells, or up and down past its neighbour; the others give way. */
export function nudge(places: readonly Place[], id: string, dx: number, dy: number): readonly Place[] {
  const place = places.find((each) => each.widget_id === id);
  if (!place) return places;
  if (dy === 0) return settle(places, { ...place, x: limit(place.x + dx, 0, COLUMNS - place.w) });
  const neighbour = nearest(places, place, dy);
  if (!neighbour) return places;
  const [upper, lower] = dy < 0 ? [neighbour, place] : [place, neighbour];
  const swapped = new Map([
    [lower.widget_id, { ...lower, y: upper.y }],
    [upper.widget_id, { ...upper, y: upper.y + lower.h }],
  ]);
  return compact(places.map((each) => swapped.get(each.widget_id) ?? each), null);
}

/** The next widget above (`dy` < 0) or below that shares a column with this one. */
function nearest(places: readonly Place[], place: Place, dy: number): Place | undefined {
  const beside = places.filter((other) => other.x < place.x + place.w && place.x < other.x + other.w);
  return dy < 0
    ? beside.filter((other) => other.y + other.h <= place.y).sort((a, b) => b.y + b.h - a.y - a.h)[0]
    : beside.filter((other) => other.y >= place.y + place.h).sort((a, b) => a.y - b.y)[0];
}

/** Make one widget wider or higher by whole cells. */
export function resize(places: readonly Place[], id: string, dw: number, dh: number): readonly Place[] {
  const place = places.find((each) => each.widget_id === id);
  if (!place) return places;
  const w = limit(place.w + dw, MIN_WIDTH, COLUMNS - place.x);
  return settle(places, { ...place, w, h: Math.max(MIN_HEIGHT, place.h + dh) });
}

/** Put one widget where it is wanted; what overlaps it moves down. */
function settle(places: readonly Place[], changed: Place): readonly Place[] {
  const { widget_id: id } = changed;
  return compact(places.map((place) => (place.widget_id === id ? changed : place)), id);
}

/** Close the gaps above every widget, except the one that stays where it is. */
function compact(places: readonly Place[], staying: string | null): readonly Place[] {
  const items = toGrid(places).map((item) => ({ ...item, static: item.i === staying }));
  return fromGrid(verticalCompactor.compact(items, COLUMNS), places);
}
