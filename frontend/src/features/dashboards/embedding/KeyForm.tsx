import { useMutation } from "@tanstack/react-query";
import { type SubmitEvent, useId, useState } from "react";

import { type CreatedKey, createKey } from "@/shared/api/keys";
import { toProblem } from "@/shared/api/problem";
import type { Dashboard, Widget } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Field, FieldSet } from "@/shared/ui/Field";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Checkbox, Select, TextArea, TextInput } from "@/shared/ui/inputs";

import type { SharedColumn } from "../filters/columns";
import { type TextFilter, toCondition } from "../filters/filter";
import { LockedFilters } from "./LockedFilters";
import { readOrigins } from "./origins";

interface Props {
  readonly dashboard: Dashboard;
  readonly widget: Widget;
  readonly titleFor: (widget: Widget) => string;
  readonly columns: readonly SharedColumn[];
  readonly onMade: (key: CreatedKey) => void;
}

const DAY_MS = 86_400_000;
type Expiry = keyof typeof S.embed.expiries;
const EXPIRIES: readonly Expiry[] = ["90", "30", "365", "never"];

function endOf(expiry: Expiry): { expires_at?: string } {
  return expiry === "never" ? {} : { expires_at: new Date(Date.now() + Number(expiry) * DAY_MS).toISOString() };
}

/** A new key: what it opens, for which pages, with which filters, and until when. */
export function KeyForm({ dashboard, widget, titleFor, columns, onMade }: Props) {
  const id = useId();
  const [name, setName] = useState(titleFor(widget));
  const [widgets, setWidgets] = useState<readonly string[]>([widget.id]);
  const [pages, setPages] = useState("");
  const [locks, setLocks] = useState<readonly TextFilter[]>([]);
  const [expiry, setExpiry] = useState<Expiry>("90");
  const { origins, bad } = readOrigins(pages);
  const typeOf = (column: string) => columns.find((each) => each.name === column)?.type;
  const create = useMutation({
    mutationFn: () =>
      createKey({
        name: name.trim(),
        widget_ids: widgets,
        allowed_origins: origins,
        locked_filters: locks.map((lock) => toCondition(lock, typeOf(lock.column))),
        ...endOf(expiry),
      }),
    onSuccess: onMade,
  });
  const complete = name.trim() !== "" && widgets.length > 0 && origins.length > 0 && bad === null;
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (complete) create.mutate();
  };
  return (
    <form className="flex flex-col gap-3" onSubmit={submit}>
      <Field label={S.embed.name} htmlFor={`${id}-name`} hint={S.embed.nameHint}>
        <TextInput id={`${id}-name`} maxLength={200} value={name} onChange={(event) => setName(event.target.value)} />
      </Field>
      <FieldSet legend={S.embed.widgets}>
        {dashboard.widgets.map((each) => (
          <Checkbox
            key={each.id}
            label={titleFor(each)}
            checked={widgets.includes(each.id)}
            onCheck={(checked) => setWidgets(checked ? [...widgets, each.id] : widgets.filter((other) => other !== each.id))}
          />
        ))}
      </FieldSet>
      <Field
        label={S.embed.origins}
        htmlFor={`${id}-origins`}
        hint={S.embed.originsHint}
        error={bad === null ? undefined : S.embed.badOrigin(bad)}
      >
        <TextArea id={`${id}-origins`} rows={2} value={pages} onChange={(event) => setPages(event.target.value)} />
      </Field>
      <LockedFilters columns={columns} locks={locks} onLocks={setLocks} />
      <Field label={S.embed.expires} htmlFor={`${id}-expiry`}>
        <Select
          id={`${id}-expiry`}
          value={expiry}
          onPick={(value) => setExpiry(EXPIRIES.find((each) => each === value) ?? "90")}
          choices={EXPIRIES.map((value) => ({ value, label: S.embed.expiries[value] }))}
        />
      </Field>
      {create.error && <ProblemNote problem={toProblem(create.error)} />}
      <div className="flex items-center gap-3">
        <Button tone="primary" type="submit" disabled={!complete || create.isPending}>
          {S.embed.make}
        </Button>
        {origins.length === 0 && <span className="text-2xs text-muted">{S.embed.noOrigins}</span>}
      </div>
    </form>
  );
}
