import { Link } from "react-router";

import type { Impact } from "@/shared/api/versions";
import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";
import { Dialog } from "@/shared/ui/Dialog";

interface Props {
  readonly impact: Impact;
  readonly onSave: () => void;
  readonly onClose: () => void;
}

/** What would break for others, before it is saved. */
export function ImpactDialog({ impact, onSave, onClose }: Props) {
  const widgets = impact.widgets.filter(breaks);
  const embeds = impact.embeds.filter(breaks);
  return (
    <Dialog
      title={S.versions.impactTitle}
      onClose={onClose}
      footer={
        <>
          <Button autoFocus onClick={onClose}>
            {S.common.cancel}
          </Button>
          <Button tone="danger" onClick={onSave}>
            {S.versions.impactSave}
          </Button>
        </>
      }
    >
      <p>{S.versions.impactText}</p>
      <ul className="flex flex-col gap-2">
        {widgets.map((widget) => (
          <li key={widget.widget_id}>
            <Link to={`/dashboards/${widget.dashboard_id}`} className="font-medium text-accent underline">
              {S.versions.impactWidget(S.dashboards.types[widget.widget_type] ?? widget.widget_type, widget.dashboard_name)}
            </Link>
            <Reasons of={widget.reasons} />
          </li>
        ))}
        {embeds.map((key) => (
          <li key={key.key_id}>
            <span className="font-medium">{S.versions.impactKey(key.name)}</span>
            <Reasons of={key.reasons} />
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

function breaks({ reasons }: { readonly reasons: readonly unknown[] }): boolean {
  return reasons.length > 0;
}

function Reasons({ of }: { readonly of: Impact["widgets"][number]["reasons"] }) {
  return (
    <ul className="list-disc pl-5 text-muted">
      {of.map(({ detail }) => (
        <li key={detail}>{detail}</li>
      ))}
    </ul>
  );
}
