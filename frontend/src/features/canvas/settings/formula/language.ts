/** The formula language for CodeMirror: the same grammar that types formulas colours them. */

import { HighlightStyle, LanguageSupport, LRLanguage, syntaxHighlighting } from "@codemirror/language";
import { styleTags, tags } from "@lezer/highlight";

import { parser } from "@/shared/schema/generated/formula_parser";

const language = LRLanguage.define({
  name: "formula",
  parser: parser.configure({
    props: [
      styleTags({
        Column: tags.variableName,
        Number: tags.number,
        String: tags.string,
        "Boolean Null": tags.bool,
        FunctionName: tags.function(tags.name),
        "And Or Not Is In BetweenKeyword CaseKeyword WhenKeyword Then ElseKeyword End": tags.keyword,
      }),
    ],
  }),
  languageData: { closeBrackets: { brackets: ["(", "[", "'"] } },
});

const colours = HighlightStyle.define([
  { tag: tags.variableName, color: "var(--node-source)" },
  { tag: tags.number, color: "var(--sql-number)" },
  { tag: tags.string, color: "var(--sql-string)" },
  { tag: [tags.function(tags.name), tags.keyword, tags.bool], color: "var(--sql-keyword)" },
]);

export const formulaLanguage = [new LanguageSupport(language), syntaxHighlighting(colours)];
