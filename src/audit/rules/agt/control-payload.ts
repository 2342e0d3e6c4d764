import { type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { type GivenText, maskExpressions } from '../../../agents/index.ts';
import type { AgentRun } from '../../../facts/index.ts';
import type { Place } from '../../../syntax/index.ts';
import { agentRule, titleOf } from '../agent-rule.ts';
import { commandStep, workflow } from '../example.ts';

/** Longer payloads are files, not arguments. */
const MOST_CHARACTERS = 256 * 1024;

const OPENCODE = 'opencode run "Summarise the open issues"';

/** AGT012 */
export const brokenPayload = agentRule(
  {
    id: 'AGT012',
    name: 'control-payload-does-not-parse',
    title: 'Control payload does not parse',
    what: 'JSON that should limit the agent is written in an argument, input or variable (`--settings`, `settings:`, `--mcp-config`, `OPENCODE_PERMISSION`) and is no valid JSON.',
    why: 'The product falls back to its defaults, in an unattended run mostly without a word: every restriction in the payload is gone.',
    sources: [
      'Claude Code `--help`: settings that do not parse are ignored in print mode',
      'Measured: seen in live pipelines with a push behind it',
    ],
    severity: 'high',
    confidence: 'high',
    tier: 'regular',
    family: 'AGT',
    fix: 'none',
    advice: 'Mend the JSON at the place shown; keep it in a file that a check parses.',
    tags: ['CWE-636', 'CWE-755'],
    attack: [workflow(commandStep(OPENCODE, ["OPENCODE_PERMISSION: '{bash: deny}'"]))],
    benign: [workflow(commandStep(OPENCODE, ['OPENCODE_PERMISSION: \'{"bash": "deny"}\'']))],
  },
  function* (run) {
    for (const given of payloads(run)) {
      const fault = faultOf(given.text);
      if (fault === undefined) continue;
      yield {
        message: `${nameOf(given)} is no valid JSON (${fault.what}): ${titleOf(run)} starts without it, or not at all`,
        place: placeOf(run, given, fault.offset),
        about: nameOf(given),
      };
    }
  },
);

/** Texts that are meant as JSON: a file name, and what only the shell knows, is none. */
function payloads({ invocation }: AgentRun): readonly GivenText[] {
  const maps = new Set(invocation.written.filter(({ name }) => name === 'permission-map').map(({ text }) => text));
  const all = [...invocation.settings, ...invocation.mcpConfigurations].filter(
    ({ text }) => /^\s*[{[]/.test(text) || maps.has(text),
  );
  return all.filter(
    (given, index) =>
      given.text.length <= MOST_CHARACTERS &&
      (given.complete || !/\$(?!\{\{)/.test(given.text)) &&
      all.findIndex(({ place, text }) => text === given.text && place.span.start === given.place.span.start) === index,
  );
}

function faultOf(text: string): { readonly what: string; readonly offset: number } | undefined {
  // An expression may stand inside a string or in place of a value: digits fit both.
  const masked = maskExpressions(text);
  const errors: ParseError[] = [];
  parseTree(masked, errors, { disallowComments: true, allowTrailingComma: false });
  const [first] = errors;
  return first && { what: wordsOf(printParseErrorCode(first.error)), offset: first.offset };
}

/** `PropertyNameExpected` as words. */
function wordsOf(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase();
}

function nameOf({ from }: GivenText): string {
  return from.kind === 'input' || from.kind === 'environment' ? `\`${from.name}\`` : 'The inline configuration';
}

/** The exact character, where the value stands in the file as it is. */
function placeOf(run: AgentRun, { from, place, text }: GivenText, offset: number): Place {
  const entries = [...run.step.inputs, ...run.step.environment, ...run.job.environment, ...run.pipeline.environment];
  const entry =
    'name' in from ? entries.find(({ name, value }) => name === from.name && value.text === text) : undefined;
  if (entry === undefined) return place;
  const start = entry.value.offsetOf(Math.min(offset, Math.max(0, text.length - 1)));
  return { file: entry.value.place.file, span: { start, end: start + 1 } };
}
