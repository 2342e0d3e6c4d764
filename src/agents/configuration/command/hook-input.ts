import type { CommandRisk } from './command-risk.ts';
import { type CommandView, quotedScript, type WordView } from './command-view.ts';
import { INTERPRETERS, SHELLS } from './programs.ts';

/** Variables that carry what the model wrote. Folders that the product sets are none of them. */
const MODEL_INPUT =
  /^(CLAUDE_(TOOL|FILE|NOTIFICATION|USER|PROMPT|ARGUMENTS|MESSAGE)\w{0,40}|TOOL_(INPUT|NAME|OUTPUT|RESULT)\w{0,40}|ARGUMENTS|CURSOR_\w{0,40}(COMMAND|FILE|PROMPT)\w{0,20}|file_path|FILE_PATH)$/;
const EXTRACTS = /^(jq|yq|node|python3?|sed|awk|grep|cut|cat)$/;

/** Words of the model that reach a shell as code. */
export function assessHookInput(views: readonly CommandView[]): readonly CommandRisk[] {
  const tainted = taintedVariables(views);
  return views.flatMap((view) => [...unquoted(view, tainted), ...evaluated(view, views, tainted)]);
}

/** Variables that are read from the hook's input: `CMD=$(jq -r .tool_input.command)`. */
function taintedVariables(views: readonly CommandView[]): ReadonlySet<string> {
  return new Set(
    views.flatMap((view) =>
      view.command.assignments.filter(({ value }) => readsInput(value?.source ?? '')).map(({ name }) => name),
    ),
  );
}

function readsInput(source: string): boolean {
  return /\$\(|`/.test(source) && /\.?(tool_input|tool_response|prompt)\b|\bcat\s*\)/.test(source);
}

function unquoted(view: CommandView, tainted: ReadonlySet<string>): readonly CommandRisk[] {
  const word = view.words.find((one) =>
    one.variables.some((variable) => !variable.quoted && isInput(variable.name, tainted)),
  );
  const name = word?.variables.find((variable) => !variable.quoted && isInput(variable.name, tainted))?.name;
  if (word === undefined || ['[[', 'case'].includes(view.program)) return [];
  return [
    { kind: 'unquoted-input', what: `uses $${name ?? ''}, which the model writes, without quotes`, span: word.span },
  ];
}

function isInput(name: string, tainted: ReadonlySet<string>): boolean {
  return MODEL_INPUT.test(name) || tainted.has(name);
}

function evaluated(
  view: CommandView,
  views: readonly CommandView[],
  tainted: ReadonlySet<string>,
): readonly CommandRisk[] {
  const script = quotedScript(view);
  const variable = script?.variables.find((one) => isInput(one.name, tainted));
  if (script !== undefined && variable !== undefined) return [into(view, script, `$${variable.name}`)];
  const extractor = view.inner.find(
    (one) =>
      EXTRACTS.test(one.program) &&
      one.words.some((word) => /tool_input|tool_response|\.command\b|\.prompt\b/.test(word.text)),
  );
  if (script !== undefined && extractor !== undefined) return [into(view, script, extractor.program)];
  const shell =
    SHELLS.has(view.program) ||
    view.program === 'eval' ||
    (INTERPRETERS.has(view.program) && view.wrappers.includes('xargs'));
  if (!shell || view.command.pipeline.position === 0 || script !== undefined) return [];
  const before = views.find(
    (other) =>
      other.pipeline === view.pipeline &&
      other.command.pipeline.position < view.command.pipeline.position &&
      /^(jq|yq)$/.test(other.program),
  );
  return before === undefined
    ? []
    : [
        {
          kind: 'input-to-shell',
          what: `pipes what ${before.program} takes from the hook's input into ${view.program}`,
          span: view.span,
        },
      ];
}

function into(view: CommandView, script: WordView, what: string): CommandRisk {
  return {
    kind: 'input-to-shell',
    what: `runs ${what}, which the model writes, as code of ${view.program}`,
    span: script.span,
  };
}
