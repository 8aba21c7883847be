import { useId } from "react";

import type { Problem } from "@/shared/schema/errors";
import { TIME_ZONES, TRADING_CALENDARS } from "@/shared/schema/generated/time_zones";
import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select, TextInput } from "@/shared/ui/inputs";

import type { Config } from "../../document/doc";
import { text } from "../../kinds/configs";
import { errorAt } from "../problems";

interface Props {
  readonly data: Config;
  readonly problems: readonly Problem[];
  readonly onChange: (change: Readonly<Record<string, unknown>>) => void;
}

const ANCHORS = Object.entries(S.settings.anchors).map(([value, label]) => ({ value, label }));
const SESSIONS = Object.entries(S.settings.sessions).map(([value, label]) => ({ value, label }));
const DEFAULT_CALENDAR = "XNYS";
/** The zone of most exchanges here; the viewer's own would mean another result for each of them. */
const FIRST_ZONE = "America/New_York";

/** What buckets start from: UTC, the clock of a zone, or the sessions of an exchange. */
export function AnchorFields({ data, problems, onChange }: Props) {
  const id = useId();
  const anchor = text(data["anchor"]) || "utc";
  const setAnchor = (next: string) =>
    onChange({
      anchor: next,
      timezone: next === "zone" ? text(data["timezone"]) || FIRST_ZONE : undefined,
      calendar: next === "session" ? text(data["calendar"]) || DEFAULT_CALENDAR : undefined,
      session: next === "session" ? text(data["session"]) || "rth" : undefined,
    });
  const picker = (field: "timezone" | "calendar", label: string, names: readonly string[]) => (
    <Field label={label} htmlFor={`${id}-${field}`} error={errorAt(problems, field)}>
      <TextInput
        id={`${id}-${field}`}
        list={`${id}-${field}-names`}
        value={text(data[field])}
        aria-invalid={errorAt(problems, field) !== undefined}
        onChange={({ target }) => onChange({ [field]: target.value })}
      />
      <datalist id={`${id}-${field}-names`}>
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </Field>
  );
  return (
    <>
      <Field label={S.settings.anchor} htmlFor={`${id}-anchor`} error={errorAt(problems, "anchor")}>
        <Select id={`${id}-anchor`} value={anchor} choices={ANCHORS} onPick={setAnchor} />
      </Field>
      {anchor === "zone" && picker("timezone", S.settings.timezone, TIME_ZONES)}
      {anchor === "session" && picker("calendar", S.settings.calendar, TRADING_CALENDARS)}
      {anchor === "session" && (
        <Field
          label={S.settings.session}
          htmlFor={`${id}-session`}
          hint={S.settings.sessionHint}
          error={errorAt(problems, "session")}
        >
          <Select
            id={`${id}-session`}
            value={text(data["session"]) || "all"}
            choices={SESSIONS}
            onPick={(session) => onChange({ session })}
          />
        </Field>
      )}
    </>
  );
}
