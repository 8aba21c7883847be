import { useId, useState } from "react";

import type { EmbedKey } from "@/shared/api/keys";
import type { Widget } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { Field } from "@/shared/ui/Field";
import { Select } from "@/shared/ui/inputs";

import { CodeBlock } from "./CodeBlock";
import { KeyList } from "./KeyList";
import { pageSnippet, SERVERS } from "./snippets";

interface Props {
  readonly widget: Widget;
  readonly title: string;
  readonly keys: readonly EmbedKey[];
  readonly onMake: () => void;
}

type Language = keyof typeof SERVERS;

/** Code to paste: what the host's server does, and what its page does. */
export function CodePanel({ widget, title, keys, onMake }: Props) {
  const id = useId();
  const [language, setLanguage] = useState<Language>("python");
  const [picked, setPicked] = useState<string | null>(null);
  const key = keys.find((each) => each.id === picked) ?? keys[0];
  if (!key) return <KeyList keys={keys} onMake={onMake} />;
  const embedding = { origin: location.origin, widgetId: widget.id, keyId: key.id, title };
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap gap-3">
        <Field label={S.embed.forKey} htmlFor={`${id}-key`}>
          <Select
            id={`${id}-key`}
            value={key.id}
            onPick={setPicked}
            choices={keys.map((each) => ({ value: each.id, label: each.name }))}
          />
        </Field>
        <Field label={S.embed.server} htmlFor={`${id}-language`}>
          <Select
            id={`${id}-language`}
            value={language}
            onPick={(value) => setLanguage(value === "node" ? "node" : "python")}
            choices={(["python", "node"] as const).map((value) => ({ value, label: S.embed.languages[value] }))}
          />
        </Field>
      </div>
      <CodeBlock title={S.embed.server} hint={S.embed.serverHint} code={SERVERS[language](embedding)} />
      <CodeBlock title={S.embed.page} hint={S.embed.pageHint} code={pageSnippet(embedding)} />
    </div>
  );
}
