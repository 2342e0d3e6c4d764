import type { FindingDraft } from '../../findings/index.ts';
import { splitWords } from '../../syntax/index.ts';
import { weakness } from '../patterns/weakness.ts';
import { codeWords, DOWNLOADERS, isInterpreter, runsInput } from './programs.ts';
import type { Recipe, RecipeCommand } from './recipe.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** What says whether a file is the one that was meant. */
const CHECKERS =
  /^(?:sha(?:1|224|256|384|512)?sum|shasum|md5sum|b2sum|gpg2?|gpgv|cosign|minisign|signify|openssl|rekor-cli|slsa-verifier|gh|apt-key|cksum)$/;

/** CODE80 and CODE81: what is downloaded is run, at once or from a file that nobody checked. */
export const findDownloads: FindInRecipe = (recipe) => [
  ...pipedIntoInterpreters(recipe, (command) => DOWNLOADERS.has(command.program)).map(({ source, sink }) =>
    runAtOnce(source, sink),
  ),
  ...substitutedIntoCode(recipe, (command) => DOWNLOADERS.has(command.program)).map(({ source, sink }) =>
    runAtOnce(source, sink),
  ),
  ...ranFromFile(recipe),
  ...addedFromNetwork(recipe),
];

interface Passage {
  readonly source: RecipeCommand;
  readonly sink: RecipeCommand;
}

/** `source | … | interpreter` */
export function pipedIntoInterpreters(
  { commands }: Recipe,
  isSource: (command: RecipeCommand) => boolean,
): readonly Passage[] {
  const scripts = Map.groupBy(commands, ({ script }) => script);
  return commands.filter(runsInput).flatMap((sink): readonly Passage[] => {
    const source = scripts
      .get(sink.script)
      ?.find(
        (other) =>
          other.command.pipeline.id === sink.command.pipeline.id &&
          other.command.pipeline.position < sink.command.pipeline.position &&
          isSource(other),
      );
    return source ? [{ source, sink }] : [];
  });
}

/** `bash -c "$(source)"`, `eval "$(source)"`, `. <(source)` */
export function substitutedIntoCode(
  { commands }: Recipe,
  isSource: (command: RecipeCommand) => boolean,
): readonly Passage[] {
  const scripts = Map.groupBy(commands, ({ script }) => script);
  return commands.flatMap((sink): readonly Passage[] => {
    const spans = codeWords(sink).flatMap(({ expansions }) =>
      expansions.filter(({ kind }) => kind === 'command' || kind === 'process').map(({ span }) => span),
    );
    if (spans.length === 0) return [];
    const source = scripts
      .get(sink.script)
      ?.find(
        (other) =>
          spans.some(({ start, end }) => start <= other.command.span.start && other.command.span.end <= end) &&
          isSource(other),
      );
    return source ? [{ source, sink }] : [];
  });
}

function isCleartext({ line }: RecipeCommand): boolean {
  return /(?:^|[ =])http:\/\/(?!localhost\b|127\.0\.0\.1\b)/.test(line);
}

function runAtOnce(source: RecipeCommand, sink: RecipeCommand): FindingDraft {
  const clear = isCleartext(source);
  const how = clear ? ' without encryption, so that anybody on the way can change it' : '';
  return weakness('CODE80', {
    message: `\`${sink.program}\` runs what \`${source.program}\` has just downloaded${how}`,
    severity: clear ? 'high' : 'medium',
    place: source.place,
    subject: `${source.program} ${sink.program}`,
  });
}

/** Downloads of one file that are followed. */
const MOST_DOWNLOADS = 200;

/** A download into a file that is started, installed or made executable later in the recipe, and no check of it. */
function ranFromFile({ commands }: Recipe): readonly FindingDraft[] {
  const lastCheck = commands.findLastIndex(({ program }) => CHECKERS.test(program));
  let seen = 0;
  return commands.flatMap((command, index): readonly FindingDraft[] => {
    if (!DOWNLOADERS.has(command.program) || lastCheck > index || ++seen > MOST_DOWNLOADS) return [];
    const target = targetOf(command);
    if (target === undefined || target === '-' || target.length < 2) return [];
    const start = commands.slice(index + 1).find((other) => starts(other, target));
    if (!start) return [];
    return [
      weakness('CODE81', {
        message: `\`${start.program}\` starts the downloaded \`${nameOf(target)}\`, and nothing compared it with what it should be`,
        severity: isCleartext(command) ? 'medium' : 'low',
        place: command.place,
        subject: `file ${nameOf(target)}`,
      }),
    ];
  });
}

/** Where a download goes: `-o FILE`, `> FILE`, or the last part of the address. */
function targetOf({ program, arguments: words, line, command }: RecipeCommand): string | undefined {
  const redirected = command.redirects.find(({ operator }) => operator === '>' || operator === '>|')?.target?.literal;
  if (redirected !== undefined) return redirected;
  const flag = program === 'curl' ? /^-[a-zA-Z]*o$|^--output$/ : /^-[a-zA-Z]*O$|^--output-document$/;
  const named = words[words.findIndex(({ text }) => flag.test(text)) + 1];
  if (named !== undefined && words.some(({ text }) => flag.test(text))) return named.text;
  const ownName =
    program === 'curl' ? /(?:^| )(?:-[a-zA-Z]*O[a-zA-Z]*|--remote-name)(?= |$)/.test(line) : program === 'wget';
  const address = words.find(({ text }) => /^https?:\/\//.test(text))?.text;
  return ownName && address !== undefined ? nameOf(address.replace(/[?#].*$/s, '')) : undefined;
}

function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

const INSTALLERS = /^(?:dpkg|rpm|apt|apt-get|yum|dnf|msiexec|installer|snap)$/;

/** The file as a program, as the script of an interpreter, made executable, or given to an installer. */
function starts({ program, arguments: words }: RecipeCommand, target: string): boolean {
  const isTarget = (text: string): boolean => text.replace(/^\.\//, '') === target.replace(/^\.\//, '');
  if (isTarget(program) && program.includes('/')) return true;
  const operands = words.filter(({ text }) => !text.startsWith('-'));
  if (isInterpreter(program) || program === 'source' || program === '.') return isTarget(operands[0]?.text ?? '');
  if (program === 'chmod' && /(?:^|\+[rwst]*)x|^[0-7]*[1357][0-7]{0,2}$/.test(operands[0]?.text ?? ''))
    return operands.slice(1).some(({ text }) => isTarget(text));
  return INSTALLERS.test(program) && operands.some(({ text }) => isTarget(text));
}

/** `ADD https://…` without `--checksum`. */
function addedFromNetwork({ instructions, at }: Recipe): readonly FindingDraft[] {
  return instructions.flatMap(({ keyword, flags, body, exec, span }): readonly FindingDraft[] => {
    if (keyword !== 'ADD' || flags.some(({ name }) => name === 'checksum')) return [];
    const address = (exec ?? splitWords(body))
      .map(({ value }) => value.text)
      .find((text) => /^https?:\/\//i.test(text));
    if (address === undefined || /\.git(?:#|$)/.test(address)) return [];
    const clear = /^http:/i.test(address);
    return [
      weakness('CODE81', {
        message: `ADD takes \`${nameOf(address) || address}\` from the network as it is on that day`,
        severity: clear ? 'medium' : 'low',
        place: at(span),
        subject: `ADD ${address.replace(/[?#].*$/s, '').slice(0, 200)}`,
      }),
    ];
  });
}
