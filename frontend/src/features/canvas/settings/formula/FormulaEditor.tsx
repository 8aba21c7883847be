import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { type Diagnostic, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, keymap, placeholder } from "@codemirror/view";
import { useEffect, useRef } from "react";

import type { Schema } from "@/shared/schema/types";

import { completeFormula } from "./completion";
import { FUNCTIONS } from "./functions";
import { formulaLanguage } from "./language";

interface Props {
  readonly label: string;
  readonly value: string;
  readonly schema: Schema | null;
  readonly diagnostics: readonly Diagnostic[];
  readonly placeholder: string;
  readonly onText: (text: string) => void;
}

/** CodeMirror for one formula: colours, completion, and marks under what is wrong. */
export function FormulaEditor(props: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });

  useEffect(() => {
    if (!host.current) return;
    const { value, label, placeholder: hint } = latest.current;
    const editor = new EditorView({
      parent: host.current,
      state: EditorState.create({
        doc: value,
        extensions: [
          history(),
          bracketMatching(),
          closeBrackets(),
          EditorView.lineWrapping,
          placeholder(hint),
          formulaLanguage,
          autocompletion({
            override: [completeFormula(() => latest.current.schema ?? [], FUNCTIONS)],
            icons: false,
          }),
          // Tab is left to the browser, so that the keyboard can leave the editor.
          keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
          EditorView.contentAttributes.of({ "aria-label": label, "data-testid": "formula" }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onText(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => {
      editor.destroy();
      view.current = null;
    };
  }, []);

  // An undo on the canvas changes the text from outside.
  useEffect(() => {
    const editor = view.current;
    if (!editor || editor.state.doc.toString() === props.value) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: props.value } });
  }, [props.value]);

  useEffect(() => {
    const editor = view.current;
    if (!editor) return;
    const end = editor.state.doc.length;
    const marks = props.diagnostics.map((each) => ({ ...each, from: Math.min(each.from, end), to: Math.min(each.to, end) }));
    editor.dispatch(setDiagnostics(editor.state, marks));
  }, [props.diagnostics]);

  return <div ref={host} data-keys="own" className="[&_.cm-content]:min-h-18" />;
}
