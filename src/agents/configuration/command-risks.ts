import { normalisePath } from '../../policy/index.ts';
import type { Gap, Place, Readers, ScalarNode, SourceFile, SourceTree, Span, TreeEntry } from '../../syntax/index.ts';
import { assessCommand, LONGEST_COMMAND } from './command/assess-command.ts';
import type { CommandRisk, RiskKind } from './command/command-risk.ts';
import { spokenCommands } from './command/spoken-commands.ts';
import type { AgentConfiguration, LocatedRisk } from './configuration.ts';

/** Followed scripts of one configuration file: enough for any honest one. */
const MOST_SCRIPTS = 50;
/** What nobody has a reader do step by step for an honest reason. */
const SPOKEN: ReadonlySet<RiskKind> = new Set(['exfiltration', 'reverse-shell', 'decode-exec']);
const SHELL_SCRIPT = /\.(sh|bash|zsh)$|^#!.{0,80}\b(ba|z|da|k)?sh\b/;
const PROJECT_ROOT = /^["']?\$\{?(CLAUDE_PROJECT_DIR|GEMINI_PROJECT_DIR|PWD)\}?["']?\//;

/** Reads the commands of one configuration, and the shell scripts of the tree that they start. */
export class CommandReading {
  readonly #tree: SourceTree;
  readonly #readers: Readers;
  readonly #file: string;
  readonly #gaps: Gap[] = [];
  #scripts = 0;

  constructor(tree: SourceTree, readers: Readers, file: string) {
    this.#tree = tree;
    this.#readers = readers;
    this.#file = file;
  }

  /** The same configuration with the risks of all its commands. */
  assess(configuration: AgentConfiguration): AgentConfiguration {
    const assessed = {
      ...configuration,
      hooks: configuration.hooks.map((hook) =>
        hook.type === 'command' || hook.type === 'unknown'
          ? { ...hook, risks: this.#risksOf(hook.command, hook.place, hook.scalar) }
          : hook,
      ),
      helpers: configuration.helpers.map((helper) => ({
        ...helper,
        risks: this.#risksOf(helper.command, helper.place),
      })),
      servers: configuration.servers.map((server) => ({
        ...server,
        risks: this.#risksOf(quoteWords(server.command), server.place),
      })),
      offeredScripts: this.#offeredBy(configuration),
      inlineCommands: configuration.inlineCommands.map((one) => ({
        ...one,
        risks: this.#risksOf(one.command, one.place),
      })),
    };
    return { ...assessed, gaps: [...configuration.gaps, ...this.#gaps] };
  }

  /** The risks of one command line or script; a part too long to be read is a gap. */
  #read(text: string, place: Place): readonly CommandRisk[] {
    if (text.length > LONGEST_COMMAND) {
      const message = `a command of more than ${LONGEST_COMMAND} characters is read only at its beginning`;
      this.#gaps.push({ kind: 'cap', message, place });
    }
    return assessCommand(text, this.#readers);
  }

  /** Shell blocks of the text and, beside a skill, shell scripts: read as text, run only if the model does so. */
  #offeredBy({ kind, file, instructions }: AgentConfiguration): AgentConfiguration['offeredScripts'] {
    if (instructions === undefined || (kind !== 'skill' && kind !== 'command' && kind !== 'subagent')) return [];
    const blocks = [
      ...shellBlocks(file, instructions.span).map((span) => this.#scriptAt(file, span)),
      ...this.#spokenIn(file, instructions.span),
    ];
    return kind === 'skill' ? [...blocks, ...this.#besideSkill()] : blocks;
  }

  #spokenIn(file: SourceFile, span: Span): AgentConfiguration['offeredScripts'] {
    const script = spokenCommands(file.text, span);
    if (script === undefined) return [];
    const risks = this.#risksIn(script, file, span).filter(({ kind }) => SPOKEN.has(kind));
    return [{ place: { file: file.path, span }, risks }];
  }

  #besideSkill(): AgentConfiguration['offeredScripts'] {
    const folder = this.#file.slice(0, this.#file.lastIndexOf('/') + 1);
    if (folder === '') return [];
    const scripts = entriesBelow(this.#tree, folder).filter(({ path }) => SHELL_SCRIPT.test(path));
    return scripts.slice(0, MOST_SCRIPTS).flatMap(({ path }) => {
      const file = this.#tree.read(path);
      return file === undefined || 'kind' in file ? [] : [this.#scriptAt(file, { start: 0, end: file.text.length })];
    });
  }

  #scriptAt(file: SourceFile, span: Span): AgentConfiguration['offeredScripts'][number] {
    return {
      place: { file: file.path, span },
      risks: this.#risksIn(file.text.slice(span.start, span.end), file, span),
    };
  }

  #risksIn(script: string, file: SourceFile, span: Span): readonly LocatedRisk[] {
    return this.#read(script, { file: file.path, span }).map((risk) => ({
      kind: risk.kind,
      what: risk.what,
      place: { file: file.path, span: { start: span.start + risk.span.start, end: span.start + risk.span.end } },
      via: undefined,
    }));
  }

  #risksOf(command: string, place: Place, scalar?: ScalarNode): readonly LocatedRisk[] {
    const risks = this.#read(command, place);
    return risks.flatMap((risk) => [
      { kind: risk.kind, what: risk.what, place: placeOf(this.#file, scalar, risk.span) ?? place, via: undefined },
      ...(risk.kind === 'tree-script' ? this.#insideScript(command.slice(risk.span.start, risk.span.end)) : []),
    ]);
  }

  /** The risks of a script of the tree, placed in the script. Its own scripts are not followed. */
  #insideScript(word: string): readonly LocatedRisk[] {
    if (this.#scripts++ >= MOST_SCRIPTS) return [];
    const written = word
      .replace(PROJECT_ROOT, '')
      .replace(/^["']|["']$/g, '')
      .replace(/^\$\{?CLAUDE_PLUGIN_ROOT\}?["']?\//, pluginRoot(this.#file));
    const path = normalisePath(written);
    const file = this.#tree.read(path);
    if (
      file === undefined ||
      'kind' in file ||
      (!SHELL_SCRIPT.test(path) && !SHELL_SCRIPT.test(file.text.slice(0, 100)))
    )
      return [];
    return this.#read(file.text, { file: path, span: { start: 0, end: file.text.length } })
      .filter((risk) => risk.kind !== 'tree-script')
      .map((risk) => ({ kind: risk.kind, what: risk.what, place: { file: path, span: risk.span }, via: path }));
  }
}

function placeOf(file: string, scalar: ScalarNode | undefined, { start, end }: Span): Place | undefined {
  return scalar && { file, span: { start: scalar.offsetOf(start), end: scalar.offsetOf(end) } };
}

/** The entries below a folder; the tree is sorted, so only they are looked at. */
function entriesBelow({ entries }: SourceTree, folder: string): readonly TreeEntry[] {
  let [low, high] = [0, entries.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((entries[middle]?.path ?? '') < folder) low = middle + 1;
    else high = middle;
  }
  const below: TreeEntry[] = [];
  for (let entry = entries[low]; entry?.path.startsWith(folder) === true; entry = entries[++low]) below.push(entry);
  return below;
}

/** The insides of fenced blocks that name a shell. */
function shellBlocks(file: SourceFile, body: Span): readonly Span[] {
  const blocks: Span[] = [];
  let open: number | undefined;
  let start = body.start;
  while (start < body.end && blocks.length < MOST_SCRIPTS) {
    const newline = file.text.indexOf('\n', start);
    const end = newline < 0 || newline > body.end ? body.end : newline;
    const fence = /^\s{0,12}(?:```|~~~)\s{0,4}([A-Za-z]{0,12})/.exec(
      file.text.slice(start, Math.min(end, start + 200)),
    );
    if (fence !== null && open !== undefined) {
      if (open >= 0) blocks.push({ start: open, end: start });
      open = undefined;
    } else if (fence !== null) open = /^(ba|z)?sh$|^shell$|^console$/i.test(fence[1] ?? '') ? end + 1 : -1;
    start = end + 1;
  }
  return blocks;
}

/** A plugin's folder: the one above `hooks/` or `.claude-plugin/`. */
function pluginRoot(file: string): string {
  const match = /^(.{0,400}\/)?(?:hooks|\.claude-plugin)\//.exec(file);
  return match?.[1] ?? '';
}

/**
 * A command that is a list of words, as one line that a shell would read the same way. A program's name with shell
 * syntax in it is a line for those products that start servers through a shell.
 */
function quoteWords([program = '', ...words]: readonly string[]): string {
  const first = /[|;&]|\$\(/.test(program) ? program : quote(program);
  return [first, ...words.map(quote)].join(' ');
}

function quote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
