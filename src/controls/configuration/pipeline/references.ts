import type { Container, Job, Pipeline, Reference } from '../../../pipelines/index.ts';
import type { SheetBuilder } from '../sheet.ts';

/** Letters and digits of a hash, too few for one: anybody who can make a tag or a colliding commit can move it. */
const SHORT_SHA = /^(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{6,39}$/i;

const OPENNESS = { digest: 0, tag: 1, branch: 2, none: 2, expression: 3 } as const;

/** Code of others that a job runs: actions, called pipelines, images, and what the whole file pulls in. */
export function addReferences({ platform }: Pipeline, job: Job, sheet: SheetBuilder): void {
  const { id: scope, calls, steps, container, services } = job;
  if (calls) addCode(calls.reference, { scope, name: 'the called pipeline', sheet });
  for (const { uses, id, name } of steps) {
    if (uses?.kind === 'image') addImage(uses, scope, sheet);
    // Tasks of Azure's marketplace are installed by the organisation, in versions of one number.
    if (uses && !(platform === 'azure' && !uses.name.includes('/')))
      addCode(uses, { scope, name: id ?? name?.text, sheet });
  }
  for (const one of [container, ...services]) if (one) addContainerImage(one, scope, sheet);
}

/** `include:`, libraries and repositories of templates. */
export function addIncludes({ includes }: Pipeline, sheet: SheetBuilder): void {
  for (const include of includes) addCode(include, { scope: '', name: undefined, sheet });
}

interface Use {
  readonly scope: string;
  /** What a person calls it, whoever publishes it. */
  readonly name: string | undefined;
  readonly sheet: SheetBuilder;
}

function addCode(uses: Reference, use: Use): void {
  addOwner(uses, use);
  if (uses.kind === 'local') return;
  const { scope, sheet } = use;
  const subject = addressOf(uses);
  const { place, ref, refKind } = uses;
  const shown = `${subject}@${ref ?? 'nothing'}`;
  const base = { scope, subject, shown, value: '', place } as const;
  sheet.add({ ...base, control: 'pipeline-action-added', weight: 1 });
  // A pin says nothing by itself; it tells that the action was here before.
  sheet.add({ ...base, control: 'pipeline-action-unpinned', weight: OPENNESS[refKind] });
  if (refKind !== 'digest' && ref !== undefined && SHORT_SHA.test(ref))
    sheet.add({ ...base, control: 'pipeline-ref-like-pin', weight: 1 });
}

function addressOf({ name, path }: Reference): string {
  return path === undefined ? name : `${name}/${path}`;
}

/** Whose the code is: this repository's, or somebody's. */
function addOwner(uses: Reference, { scope, name, sheet }: Use): void {
  const { kind, place } = uses;
  const address = addressOf(uses);
  sheet.add({
    control: 'pipeline-part-moved-out',
    scope,
    subject: name ?? baseName(address),
    weight: kind === 'local' ? 0 : 1,
    shown: address,
    value: '',
    place,
  });
  if (kind !== 'local')
    sheet.add({
      control: 'pipeline-owner-changed',
      scope,
      subject: name === 'the called pipeline' ? name : baseName(address),
      weight: 0.001,
      shown: address,
      value: ownerOf(uses),
      place,
    });
}

/** `scan` of `./.github/workflows/scan.yml` and of `acme/flows/scan@v1`. */
function baseName(address: string): string {
  const last = address.replace(/\/+$/, '').split('/').at(-1) ?? address;
  return last.replace(/\.\w{1,8}$/, '').toLowerCase();
}

function ownerOf({ kind, name }: Reference): string {
  if (kind === 'url') return (/^https?:\/\/([^/?#]{1,200})/i.exec(name)?.[1] ?? name).toLowerCase();
  const parts = name.toLowerCase().split('/');
  return parts.slice(0, Math.max(1, parts.length - 1)).join('/');
}

function addContainerImage({ image }: Container, scope: string, sheet: SheetBuilder): void {
  if (image === undefined || image.refKind === 'expression') return;
  addImage(image, scope, sheet);
  addOwner(image, { scope, name: `image ${baseName(image.name)}`, sheet });
}

function addImage({ name, ref, refKind, place }: Reference, scope: string, sheet: SheetBuilder): void {
  sheet.add({
    control: 'pipeline-image-unpinned',
    scope,
    subject: name,
    weight: refKind === 'digest' ? 0 : 1,
    shown: `${name}${ref === undefined ? '' : `${refKind === 'digest' ? '@' : ':'}${ref}`}`,
    value: '',
    place,
  });
}
