import { useState } from "react";

import { type CreatedKey, useKeys } from "@/shared/api/keys";
import { toProblem } from "@/shared/api/problem";
import type { Dashboard, Widget } from "@/shared/api/types";
import { S } from "@/shared/strings";
import { Dialog } from "@/shared/ui/Dialog";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { Skeleton } from "@/shared/ui/Skeleton";
import { Tabs } from "@/shared/ui/Tabs";

import type { SharedColumn } from "../filters/columns";
import { CodePanel } from "./CodePanel";
import { KeyForm } from "./KeyForm";
import { KeyList } from "./KeyList";
import { SecretNote } from "./SecretNote";

type Panel = "keys" | "create" | "snippet";

interface Props {
  readonly dashboard: Dashboard;
  readonly widget: Widget;
  readonly titleFor: (widget: Widget) => string;
  readonly columns: readonly SharedColumn[];
  readonly onClose: () => void;
}

/** Everything about showing a widget in other people's pages: keys, and the code that uses them. */
export function EmbedDialog({ dashboard, widget, titleFor, columns, onClose }: Props) {
  const { data, error, refetch } = useKeys();
  const [picked, setPicked] = useState<Panel | null>(null);
  const [made, setMade] = useState<CreatedKey | null>(null);
  const keys = data?.filter((key) => key.widget_ids.includes(widget.id)) ?? [];
  const panel = picked ?? (data && keys.length === 0 ? "create" : "keys");
  const tabs = (["keys", "create", "snippet"] as const).map((id) => ({ id, label: S.embed.tabs[id] }));
  return (
    <Dialog title={S.embed.title(titleFor(widget))} onClose={onClose} wide>
      <p className="text-muted">{S.embed.intro}</p>
      {error && <ProblemNote problem={toProblem(error)} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={4} />}
      {data &&
        (made ? (
          <SecretNote
            made={made}
            onStored={() => {
              setMade(null);
              setPicked("snippet");
            }}
          />
        ) : (
          <Tabs label={S.embed.tabsLabel} tabs={tabs} active={panel} onPick={setPicked}>
            <div className="pt-3">
              {panel === "keys" ? (
                <KeyList keys={keys} onMake={() => setPicked("create")} />
              ) : panel === "create" ? (
                <KeyForm dashboard={dashboard} widget={widget} titleFor={titleFor} columns={columns} onMade={setMade} />
              ) : (
                <CodePanel widget={widget} title={titleFor(widget)} keys={keys} onMake={() => setPicked("create")} />
              )}
            </div>
          </Tabs>
        ))}
    </Dialog>
  );
}
