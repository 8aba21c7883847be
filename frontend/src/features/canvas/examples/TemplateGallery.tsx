import { useMutation } from "@tanstack/react-query";
import { LayoutTemplate } from "lucide-react";
import { useNavigate } from "react-router";

import { toProblem } from "@/shared/api/problem";
import { instantiate, useTemplates } from "@/shared/api/templates";
import { S } from "@/shared/strings";
import { ProblemNote } from "@/shared/ui/ProblemNote";
import { toast } from "@/shared/ui/toast";

/** Whole workflows to begin with, each with its dashboard; those that the tenant cannot run are last, and say so. */
export function TemplateGallery() {
  const navigate = useNavigate();
  const { data: templates } = useTemplates();
  const make = useMutation({
    mutationFn: instantiate,
    onSuccess: ({ id, name, dashboard }) => {
      if (dashboard) {
        toast(S.templates.made(name), "info", { label: S.pinning.show, run: () => void navigate(`/dashboards/${dashboard.id}`) });
      }
      return navigate(`/canvas/${id}`);
    },
  });
  if (!templates || templates.length === 0) return null;
  const ordered = templates.toSorted((a, b) => Number(b.available) - Number(a.available));
  return (
    <div>
      <h3 className="pb-1 text-xs font-medium text-muted">{S.templates.heading}</h3>
      {make.error && <ProblemNote problem={toProblem(make.error)} />}
      <ul className="grid gap-1.5 sm:grid-cols-2">
        {ordered.map((template) => (
          <li key={template.id}>
            <button
              type="button"
              disabled={!template.available || make.isPending}
              onClick={() => make.mutate(template.id)}
              className="flex h-full w-full items-start gap-2.5 rounded-md border border-line px-2.5 py-2 text-left transition-colors enabled:hover:bg-hover disabled:cursor-not-allowed"
            >
              <LayoutTemplate aria-hidden size={15} className="mt-0.5 shrink-0 text-muted" />
              <span className="flex min-w-0 flex-col leading-snug">
                <span className="font-medium">{template.name}</span>
                <span className="text-xs text-muted">{template.description}</span>
                <span className="pt-0.5 text-2xs break-words text-muted">
                  {template.available
                    ? [S.templates.reads(template.tables), ...(template.widgets > 0 ? [S.templates.widgets(template.widgets)] : [])].join(", ")
                    : S.templates.unavailable}
                </span>
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
