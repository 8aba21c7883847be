import { Database, Workflow } from "lucide-react";

import { S } from "@/shared/strings";
import { Button } from "@/shared/ui/Button";

import { CataloguePending } from "../page/CataloguePending";
import { addAfterSelection } from "../store/actions";
import { useAnalysis } from "../store/analysis";
import { openDocument, select, UNSAVED } from "../store/canvas";
import { TemplateGallery } from "./TemplateGallery";
import { buildExample, type Example, fittingExamples } from "./examples";

function openExample(example: Example): void {
  const { doc, last } = buildExample(example);
  openDocument(doc, { ...UNSAVED, name: S.examples[example.id].name }, false);
  select([last]);
}

/** What an empty canvas offers: a source, or an example that works on this tenant's tables. */
export function StartPanel() {
  const tables = useAnalysis((state) => state.tables);
  const ready = useAnalysis((state) => state.ready);
  const examples = fittingExamples(tables);
  return (
    <div className="pointer-events-none absolute inset-0 z-10 flex overflow-auto p-4">
      <div className="pointer-events-auto m-auto flex w-full max-w-2xl flex-col gap-3 rounded-lg border border-line bg-surface p-5 shadow-(--shadow)">
        <div>
          <h2 className="text-base font-semibold">{S.start.title}</h2>
          <p className="mt-0.5 text-muted">{S.start.text}</p>
        </div>
        <Button
          tone="primary"
          icon={Database}
          onClick={() => addAfterSelection("data_source")}
        >
          {S.start.source}
        </Button>
        {examples.length > 0 && (
          <div>
            <h3 className="pb-1 text-xs font-medium text-muted">{S.start.examples}</h3>
            <ul className="flex flex-col gap-1">
              {examples.map((example) => (
                <li key={example.id}>
                  <button
                    type="button"
                    onClick={() => openExample(example)}
                    className="flex w-full items-center gap-2.5 rounded-md border border-line px-2.5 py-1.5 text-left transition-colors hover:bg-hover"
                  >
                    <Workflow aria-hidden size={15} className="shrink-0 text-muted" />
                    <span className="flex min-w-0 flex-col leading-snug">
                      <span className="font-medium">{S.examples[example.id].name}</span>
                      <span className="text-xs text-muted">{S.examples[example.id].text}</span>
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          </div>
        )}
        <TemplateGallery />
        {!ready && <CataloguePending rows={3} />}
        {ready && examples.length === 0 && <p className="text-xs text-muted">{S.start.noExamples}</p>}
      </div>
    </div>
  );
}
