import { type Node, type ScalarNode, scalarAt, scalarsOf } from '../../syntax/index.ts';
import { readImage } from '../container/image-reference.ts';
import type { Container, Located, Runner } from '../model.ts';
import { makeContainer } from '../text/step.ts';
import { placeIn } from '../text/template-text.ts';
import { findIn, type Layer } from './configuration.ts';
import type { VariableScope } from './variables.ts';

/** The image in which a job runs. */
export function readJobImage(layers: readonly Layer[], scope: VariableScope): Container | undefined {
  const written = findIn(layers, 'image');
  return written && readContainer(written.node, written.file, scope);
}

/** Side containers; one that brings a container engine is privileged on every runner where it works. */
export function readServices(layers: readonly Layer[], scope: VariableScope): readonly Container[] {
  const written = findIn(layers, 'services');
  if (written?.node.kind !== 'list') return [];
  return written.node.items.flatMap((item) => {
    const container = readContainer(item, written.file, scope);
    if (container === undefined) return [];
    return [bringsEngine(container) ? { ...container, privileged: container.place } : container];
  });
}

/** Docker in Docker needs a privileged runner; its rootless form does not hand out the host. */
function bringsEngine({ image }: Container): boolean {
  if (image === undefined || image.ref?.includes('rootless')) return false;
  const name = image.name.slice(image.name.lastIndexOf('/') + 1);
  return (name === 'docker' && (image.ref?.includes('dind') ?? false)) || /(?:^|-)dind$/.test(name);
}

function readContainer(node: Node, file: string, scope: VariableScope): Container | undefined {
  const name: ScalarNode | undefined = node.kind === 'scalar' ? node : scalarAt(node, 'name');
  if (name === undefined || name.text === '') return undefined;
  const user = scalarAt(node, 'docker', 'user');
  return makeContainer(placeIn(file, name.span), { image: readImage(scope.text(file, name)), user: user?.text });
}

/** Labels of machines that the vendor runs and throws away after each job. */
const HOSTED = /^(?:saas-|gitlab-org|shared$|docker-machine)/;
const PERSISTENT = /^(?:shell|self-hosted|bare-metal|baremetal|on-prem|onprem|local|ssh)(?:-|$)|-shell$/;

/** Tags choose a runner; what kind it is only its name can tell. */
export function readRunner(layers: readonly Layer[]): Runner {
  const written = findIn(layers, 'tags');
  const labels = scalarsOf(written?.node).map(
    (scalar): Located<string> => ({ value: scalar.text, place: placeIn(written?.file ?? '', scalar.span) }),
  );
  if (labels.some(({ value }) => PERSISTENT.test(value))) return { labels, kind: 'persistent' };
  if (labels.length > 0 && labels.every(({ value }) => HOSTED.test(value))) return { labels, kind: 'hosted' };
  return { labels, kind: 'unknown' };
}

/** A timeout in minutes: `1h 30m`, `90 minutes`, `3600`. */
export function readTimeout(layers: readonly Layer[]): Located<number> | undefined {
  const written = findIn(layers, 'timeout');
  if (written?.node.kind !== 'scalar') return undefined;
  const minutes = minutesOf(written.node.text);
  return minutes === undefined ? undefined : { value: minutes, place: placeIn(written.file, written.node.span) };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

function minutesOf(text: string): number | undefined {
  if (/^\d{1,9}$/.test(text)) return Number(text) / 60;
  let seconds = 0;
  for (const [, amount = '', unit = ''] of text.slice(0, 100).matchAll(/(\d{1,9}) *([a-z]+)/gi)) {
    const size = SECONDS[unit.slice(0, 1).toLowerCase()];
    if (size === undefined) return undefined;
    seconds += Number(amount) * size;
  }
  return seconds === 0 ? undefined : seconds / 60;
}

/** A whole list of scalars of a job's key, with their places. */
export function readNames(layers: readonly Layer[], ...route: readonly string[]): readonly Located<string>[] {
  const written = findIn(layers, ...route);
  if (written === undefined) return [];
  const items = written.node.kind === 'list' ? written.node.items : [written.node];
  return items.flatMap((item) => {
    const scalar = item.kind === 'scalar' ? item : scalarAt(item, 'job');
    return scalar ? [{ value: scalar.text, place: placeIn(written.file, scalar.span) }] : [];
  });
}
