import type { FindingDraft } from '../../findings/index.ts';
import { weakness } from '../patterns/weakness.ts';
import { codeWords } from './programs.ts';
import type { RecipeCommand } from './recipe.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** Variables that outsiders fill: names of branches, titles, messages, requests of a web server, commands over SSH. */
const OUTSIDERS =
  /^(?:QUERY_STRING|PATH_INFO|REQUEST_URI|HTTP_(?:ACCEPT(?:_\w+)?|AUTHORIZATION|COOKIE|HOST|ORIGIN|REFERER|USER_AGENT|X_\w+)|SSH_ORIGINAL_COMMAND|GITHUB_HEAD_REF|CI_COMMIT_(?:MESSAGE|TITLE|DESCRIPTION|BRANCH|REF_NAME|TAG)|CI_MERGE_REQUEST_(?:TITLE|DESCRIPTION|SOURCE_BRANCH_NAME)|CHANGE_(?:TITLE|BRANCH)|BUILD_SOURCEBRANCH(?:NAME)?|BUILD_SOURCEVERSIONMESSAGE|(?:PR|ISSUE|PULL_REQUEST|COMMENT)_(?:TITLE|BODY|HEAD_REF)|COMMIT_MESSAGE)$/;

const POSITIONAL = /^(?:[1-9]\d*|[@*])$/;

/** Who decides over a text that is run: anybody outside, or whoever calls the script. */
type Author = 'outsider' | 'caller';

/** `own`: the script itself gave it a value, whatever its name says. */
type Held = Author | 'own';

/** CODE87: an argument of the script, what it reads, or a variable that outsiders fill becomes part of a command. */
export const findEvaluation: FindInRecipe = (recipe) => {
  const authors = new Map<string, Held>();
  const found: FindingDraft[] = [];
  let script = 0;
  for (const command of recipe.commands) {
    if (command.script !== script) authors.clear();
    script = command.script;
    const author = authorOf(textOf(command).flatMap(namesIn), command, authors);
    if (author !== undefined) found.push(evaluated(command, author));
    learn(command, authors);
  }
  return found;
};

/** What is run as text; the file that `source` names is another matter. */
function textOf(command: RecipeCommand): RecipeCommand['arguments'] {
  return command.program === 'source' || command.program === '.' ? [] : codeWords(command);
}

function namesIn({
  expansions,
  source,
}: {
  readonly expansions: RecipeCommand['arguments'][number]['expansions'];
  readonly source: string;
}): readonly string[] {
  // `${X@Q}` and `${#X}` are no text of somebody else; `printf %q` is a command of its own.
  if (/@Q\}|\$\{#/.test(source)) return [];
  return expansions.flatMap(({ kind, name }) => (kind === 'variable' && name !== undefined ? [name] : []));
}

function authorOf(
  names: readonly string[],
  { command }: RecipeCommand,
  authors: ReadonlyMap<string, Held>,
): Author | undefined {
  const known = names.map((name): Author | undefined => {
    const held = authors.get(name);
    if (held !== undefined) return held === 'own' ? undefined : held;
    if (OUTSIDERS.test(name)) return 'outsider';
    // In a function $1 is what the script itself hands over.
    return POSITIONAL.test(name) && !command.nesting.includes('function') ? 'caller' : undefined;
  });
  return known.find((author) => author === 'outsider') ?? known.find((author) => author !== undefined);
}

/** What a variable holds from here on. */
function learn(command: RecipeCommand, authors: Map<string, Held>): void {
  if (command.program === 'read') {
    for (const { text } of command.arguments) if (/^[A-Za-z_]\w*$/.test(text)) authors.set(text, 'caller');
    return;
  }
  for (const { name, value } of command.command.assignments) {
    authors.set(name, (value && authorOf(namesIn(value), command, authors)) ?? 'own');
  }
}

function evaluated({ program, place }: RecipeCommand, author: Author): FindingDraft {
  const who = author === 'outsider' ? 'what somebody outside wrote' : 'what the script is called with';
  return weakness('CODE87', {
    message: `\`${program}\` runs ${who} as commands`,
    severity: author === 'outsider' ? 'high' : 'medium',
    confidence: author === 'outsider' ? 'high' : 'medium',
    place,
    subject: `${program} ${author}`,
  });
}
