import type { CallFact } from '../facts/index.ts';
import type { Sides } from '../match.ts';
import { inScope, type Judgement } from '../report.ts';
import { argumentsOf, clip, partOf, type Term, termsIn } from '../terms/index.ts';
import { severityOf, weighPlace } from './weigh.ts';

/** A function of a library, by its last name and by what stands before that. */
interface Row {
  readonly name: RegExp;
  readonly holder: RegExp;
}

const ANY = /^/;

/** What keeps the last part of a path, or makes a file name of whatever was sent. */
const NAME_ONLY: readonly Row[] = [
  { name: /^basename$/, holder: ANY },
  { name: /^Base$/, holder: /(?:^|\.)(?:filepath|path)$/ },
  { name: /^getFileName$/, holder: ANY },
  { name: /^getName$/, holder: /(?:^|\.)FilenameUtils$/ },
  { name: /^(?:secure_filename|get_valid_filename|sanitize_?[fF]ile_?[nN]ame|sanitizeFilename)$/, holder: ANY },
];

const FILES = /(?:^|\.)(?:fs|fsp|fse|promises|os|io|ioutil|shutil|Files|FileUtils|http)$/;

/** What opens, makes or removes the file that a path leads to, and what puts a path together. */
const LEADS: readonly Row[] = [
  { name: /^[jJ]oin$/, holder: /(?:^|\.)(?:path|filepath|ntpath|posixpath|posix|win32)$/ },
  { name: /^(?:resolve|resolveSibling)$/, holder: /^(?!Promise$)./ },
  { name: /^(?:get|of)$/, holder: /(?:^|\.)Paths?$/ },
  { name: /^\w+$/, holder: FILES },
  { name: /^(?:open|Path|PurePath|File|FileInputStream|FileOutputStream|FileReader|FileWriter)$/, holder: ANY },
  {
    name: /^(?:safe_join|send_file|sendFile|send_from_directory|transferTo|SaveUploadedFile|ServeFile|mv|joinpath)$/,
    holder: ANY,
  },
];

function isOneOf(rows: readonly Row[], { names }: CallFact): boolean {
  const [name, holder] = [names.at(-1) ?? '', names.slice(0, -1).join('.')];
  return rows.some((row) => row.name.test(name) && row.holder.test(holder));
}

/** Whether a call makes a bare file name of what it is given. */
export function makesFileName(call: CallFact): boolean {
  return isOneOf(NAME_ONLY, call);
}

/**
 * The value of the call goes into a path, itself or by the variable that it is assigned to, and the path is still made:
 * `../` in what was sent now leaves the directory. `undefined` when it goes nowhere of the kind.
 */
export function judgeLostFileName(call: CallFact, sides: Sides): Judgement | undefined {
  const successor = sides.successorOf(call.scope)?.name;
  const calls = (facts: Sides['before']['facts'], scope: string | undefined): readonly CallFact[] =>
    facts.flatMap((fact) => (fact.kind === 'call' && fact.scope === scope && isOneOf(LEADS, fact) ? [fact] : []));
  const variable = variableOf(call, sides);
  const target = calls(sides.before.facts, call.scope).find(
    (fact) => fact.term !== call.term && takes(fact, call, variable),
  );
  if (target === undefined || successor === undefined) return undefined;
  const now = calls(sides.after.facts, successor);
  if (!now.some(({ names }) => names.at(-1) === target.names.at(-1))) return undefined;
  if (sides.after.facts.some((fact) => fact.kind === 'call' && fact.scope === successor && makesFileName(fact)))
    return undefined;
  const message = `\`${clip(call.key, 80)}\`${inScope(call.scope)} no longer keeps \`${clip(target.key, 60)}\` to a bare file name: \`../\` in it leads out of the directory.`;
  return {
    control: 'normalisation-removed',
    group: 'call',
    direction: 'weakened',
    severity: severityOf(3 + weighPlace(call, sides)),
    message,
    subject: call.names.join('.'),
    before: call,
  };
}

function takes({ term }: CallFact, call: CallFact, variable: string | undefined): boolean {
  return argumentsOf(term).some((argument) => {
    const isAround = argument.start <= call.term.start && argument.end >= call.term.end;
    return isAround || (variable !== undefined && namesVariable(argument, variable));
  });
}

function namesVariable(root: Term, name: string): boolean {
  for (const term of termsIn(root))
    if (term.kind === 'name' && term.role !== 'property' && term.role !== 'key' && term.text === name) return true;
  return false;
}

/** The variable that the value of a call is assigned to. */
function variableOf({ scope, term }: CallFact, sides: Sides): string | undefined {
  const around = sides.before.scopes.get(scope)?.term;
  if (around === undefined) return undefined;
  for (const part of termsIn(around)) {
    if (part.kind !== 'assign') continue;
    const [left, right] = [partOf(part, 'left'), partOf(part, 'right')];
    if (left?.kind === 'name' && right !== undefined && right.start <= term.start && right.end >= term.end)
      return left.text;
  }
  return undefined;
}
