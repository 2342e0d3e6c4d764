import { compileGlobs, type PathMatcher } from '../../policy/index.ts';
import type { Gap, Readers, SourceFile, SourceTree } from '../../syntax/index.ts';
import type { ContainerFile } from '../container-file.ts';
import { readComposeContainers } from './compose.ts';
import { readDevcontainer } from './devcontainer.ts';
import { readDockerfileContainers } from './dockerfile.ts';
import { looksLikeKubernetes, readClusterFacts, readKubernetesContainers, readKubernetesFile } from './kubernetes.ts';

/** Caps on what is opened to see whether it describes a container. */
const CONTAINER_LIMITS = { files: 4_000, bytes: 1024 * 1024 } as const;

/** One row: files of a kind by their name. Case does not matter, as on some file systems. */
interface NamedKind {
  readonly matches: PathMatcher;
  readonly read: (file: SourceFile, readers: Readers, tree: SourceTree) => ContainerFile;
}

const NAMED: readonly NamedKind[] = [
  {
    matches: compileGlobs(['Dockerfile', 'Containerfile', 'Dockerfile.*', 'Containerfile.*', '*.dockerfile'], {
      fold: true,
    }),
    read: readDockerfileContainers,
  },
  {
    matches: compileGlobs(
      [
        'docker-compose*.yml',
        'docker-compose*.yaml',
        'compose.yml',
        'compose.yaml',
        'compose.*.yml',
        'compose.*.yaml',
        '*.compose.yml',
      ],
      { fold: true },
    ),
    read: readComposeContainers,
  },
  {
    matches: compileGlobs(['devcontainer.json', '.devcontainer.json'], { fold: true }),
    read: readDevcontainer,
  },
];

const YAML_FILE: PathMatcher = compileGlobs(['*.yml', '*.yaml'], { fold: true });

/** Files of other rooms' formats, which never hold a Kubernetes object. */
const NOT_KUBERNETES: PathMatcher = compileGlobs(
  ['.github/workflows/**', '.gitlab-ci.yml', 'pnpm-lock.yaml', 'node_modules/'],
  {
    fold: true,
  },
);

/**
 * Every container file of a tree: Dockerfiles with their stages, compose services, pods of Kubernetes objects (read
 * against the network policies and service accounts of the whole tree), dev containers. Never throws on content; what
 * could not be read is a gap of its file.
 */
export function readContainerFiles(tree: SourceTree, readers: Readers): readonly ContainerFile[] {
  const named: ContainerFile[] = [];
  const streams: SourceFile[] = [];
  let opened = 0;
  for (const entry of tree.entries) {
    if (entry.kind !== 'file') continue;
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
    const row = NAMED.find(({ matches }) => matches(name));
    const stream = row === undefined && YAML_FILE(entry.path) && !NOT_KUBERNETES(entry.path);
    if (row === undefined && !stream) continue;
    if (entry.size > CONTAINER_LIMITS.bytes || ++opened > CONTAINER_LIMITS.files) {
      if (row !== undefined) named.push(unread(entry.path, 'cap', 'too large, or one container file too many'));
      continue;
    }
    const file = tree.read(entry.path);
    if (file === undefined) continue;
    if ('kind' in file) {
      if (row !== undefined) named.push({ ...unread(entry.path, file.kind, file.message), gaps: [file] });
    } else if (row !== undefined) named.push(row.read(file, readers, tree));
    else if (looksLikeKubernetes(file.text)) streams.push(file);
  }
  return [...named, ...readKubernetes(streams, readers)];
}

function readKubernetes(streams: readonly SourceFile[], readers: Readers): readonly ContainerFile[] {
  const files = streams.map((file) => readKubernetesFile(file, readers));
  const cluster = readClusterFacts(files);
  return files.map((file) => readKubernetesContainers(file, cluster, readers)).filter(isOfUse);
}

/** A stream without a pod and without a gap says nothing about containers. */
function isOfUse({ containers, gaps }: ContainerFile): boolean {
  return containers.length > 0 || gaps.length > 0;
}

function unread(path: string, kind: Gap['kind'], message: string): ContainerFile {
  const file = { path, text: '' };
  const gap = { kind, message, place: { file: path, span: { start: 0, end: 0 } } };
  return { kind: 'dockerfile', file, containers: [], gaps: [gap] };
}
