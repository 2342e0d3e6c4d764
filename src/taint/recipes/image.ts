import type { FindingDraft } from '../../findings/index.ts';
import { type DockerInstruction, readPairs, splitWords } from '../../syntax/index.ts';
import { weakness } from '../patterns/weakness.ts';
import type { Recipe } from './recipe.ts';
import { isSecretVariable } from './secret-variable.ts';
import type { FindInRecipe } from './weakness-finder.ts';

/** What a Dockerfile's own instructions show: CODE83, CODE84, CODE85, CODE93, and CODE55 for COPY. */
export const findInImage: FindInRecipe = (recipe) => {
  if (recipe.kind !== 'dockerfile') return [];
  const stages = stagesOf(recipe.instructions);
  return [
    ...loosePins(recipe, stages),
    ...rootAtTheEnd(recipe, stages),
    ...recipe.instructions.flatMap((instruction) => [
      ...buildSecrets(recipe, instruction),
      ...copied(recipe, instruction),
    ]),
  ];
};

interface Stage {
  readonly from: DockerInstruction;
  readonly image: string;
  readonly name: string | undefined;
  readonly instructions: readonly DockerInstruction[];
}

function stagesOf(instructions: readonly DockerInstruction[]): readonly Stage[] {
  const starts = instructions.flatMap(({ keyword, onBuild }, index) => (keyword === 'FROM' && !onBuild ? [index] : []));
  return starts.flatMap((start, index) => {
    const from = instructions[start];
    if (!from) return [];
    const [image, as, name] = splitWords(from.body).map(({ value }) => value.text);
    const named = as?.toLowerCase() === 'as' ? name?.toLowerCase() : undefined;
    return [{ from, image: image ?? '', name: named, instructions: instructions.slice(start + 1, starts[index + 1]) }];
  });
}

function loosePins({ at }: Recipe, stages: readonly Stage[]): readonly FindingDraft[] {
  return stages.flatMap(({ from, image }): readonly FindingDraft[] => {
    const isStage = stages.some(({ name }) => name === image.toLowerCase());
    const tag = /:([\w.-]+)$/.exec(image)?.[1];
    if (isStage || image === 'scratch' || /[$@]/.test(image) || (tag !== undefined && tag !== 'latest')) return [];
    const message = `The image \`${image}\` is whatever has that name on the day of the build`;
    return [weakness('CODE85', { message, place: at(from.span), subject: `FROM ${image}` })];
  });
}

/** The last USER of the last stage and of the stages it starts from; only an image that starts something counts. */
function rootAtTheEnd({ at }: Recipe, stages: readonly Stage[]): readonly FindingDraft[] {
  const chain: Stage[] = [];
  for (let stage = stages.at(-1); stage && !chain.includes(stage); ) {
    chain.push(stage);
    const { image } = stage;
    stage = stages.find(({ name }) => name !== undefined && name === image.toLowerCase());
  }
  const all = chain.flatMap(({ instructions }) => instructions.filter(({ onBuild }) => !onBuild));
  const root = chain.at(-1);
  if (!root || !all.some(({ keyword }) => keyword === 'CMD' || keyword === 'ENTRYPOINT')) return [];
  const user = chain.flatMap(
    ({ instructions }) => instructions.findLast(({ keyword, onBuild }) => keyword === 'USER' && !onBuild) ?? [],
  )[0];
  if (user === undefined) {
    if (/nonroot|rootless|[$]|chainguard|^scratch$/.test(root.image)) return [];
    const message = 'No USER is named: what the image starts has all rights in the container';
    return [weakness('CODE83', { message, place: at(chain[0]?.from.span ?? root.from.span), subject: 'no user' })];
  }
  if (!/^(?:root|0)(?::|$)/i.test(user.body.text.trim())) return [];
  const message = 'USER is root at the end: what the image starts has all rights in the container';
  return [
    weakness('CODE83', { message, severity: 'medium', confidence: 'high', place: at(user.span), subject: 'root' }),
  ];
}

/** `ARG TOKEN`, `ENV TOKEN=$TOKEN`: both stay readable in the image's history or its settings. */
function buildSecrets({ at }: Recipe, { keyword, body, span }: DockerInstruction): readonly FindingDraft[] {
  if (keyword !== 'ARG' && keyword !== 'ENV') return [];
  return readPairs(keyword, body).flatMap(({ name, value }): readonly FindingDraft[] => {
    const text = value?.value.text ?? '';
    if (!isSecretVariable(name) || (keyword === 'ENV' && !text.includes('$')) || (keyword === 'ARG' && text !== ''))
      return [];
    const message = `${keyword} ${name} stays in the image, where everybody who has it can read the value`;
    return [weakness('CODE84', { message, place: at(span), subject: `${keyword} ${name}` })];
  });
}

const CREDENTIAL_NAME =
  /(?:^|\/)(?:\.env(?:\.(?:local|prod|production|staging))?|\.npmrc|\.pypirc|\.netrc|\.git-credentials|id_(?:rsa|dsa|ecdsa|ed25519)|kubeconfig|\.ssh\/?|\.aws\/?(?:credentials)?|[^/]*service[-_]account[^/]*\.json|[^/]+\.(?:pem|key|p12|pfx|jks))$/i;

function copied({ at }: Recipe, { keyword, flags, exec, body, span }: DockerInstruction): readonly FindingDraft[] {
  if (keyword !== 'COPY' && keyword !== 'ADD') return [];
  const mode = flags.find(({ name }) => name === 'chmod')?.value.text ?? '';
  const open = /^(?:0?[0246])?[0-7]{2}[2367]$/.test(mode)
    ? [
        weakness('CODE55', {
          message: `${keyword} lets every user of the image write to what it copies`,
          place: at(span),
          subject: `${keyword} chmod`,
        }),
      ]
    : [];
  if (flags.some(({ name }) => name === 'from')) return open;
  const sources = (exec ?? splitWords(body)).map(({ value }) => value.text).slice(0, -1);
  const file = sources.find(
    (source) =>
      CREDENTIAL_NAME.test(source) &&
      !/(?:example|sample|template|dist|public|\.pub)\b|ca[-_.]?(?:cert|bundle|chain)?[^/]*\.(?:pem|key)$/i.test(
        source,
      ),
  );
  if (file === undefined) return open;
  const message = `${keyword} puts \`${file}\` into the image, where it stays even when a later line removes it`;
  return [...open, weakness('CODE93', { message, place: at(span), subject: `${keyword} ${file}` })];
}
