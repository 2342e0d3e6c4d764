import { hasOption, optionValues } from './command-line.ts';
import type { EffectBody, EffectRow, RowInput } from './effect-row.ts';
import { textOf } from './template-slice.ts';

const ENGINES = ['docker', 'podman', 'nerdctl', 'ctr'];

export const CONTAINER_ROWS: readonly EffectRow[] = [
  { program: ENGINES, words: 'run|create', gives: container },
  { program: ENGINES, words: 'container run|create', gives: container },
  { program: ENGINES, words: 'build', gives: built },
  { program: 'docker', words: 'buildx build|bake', gives: built },
  { program: 'docker', words: 'image build', gives: built },
  { program: ENGINES, words: 'compose up|run|build', gives: built },
  { program: ['docker-compose', 'podman-compose'], words: 'up|run|build', gives: built },
  { program: ['buildah', 'kaniko', 'img'], words: 'bud|build', gives: built },
  { program: 'devcontainer', words: 'up|build|exec', gives: built },
  {
    program: ENGINES,
    words: 'stop|rm|rmi|kill',
    gives: ({ line }) => ({ kind: 'cleanup', what: `${line.program} rm` }),
  },
  {
    program: ENGINES,
    words: 'system|volume|image|container|builder prune',
    gives: ({ line }) => ({ kind: 'cleanup', what: `${line.program} prune` }),
  },
  { program: ENGINES, words: 'compose down', gives: { kind: 'cleanup', what: 'docker compose down' } },
  { program: ENGINES, words: 'logout', gives: { kind: 'cleanup', what: 'docker logout' } },
];

function built({ line }: RowInput): EffectBody {
  return { kind: 'build', tool: `${line.program} build`, installs: false, lifecycleScripts: false, locked: false };
}

function container({ line, operands: [image] }: RowInput): EffectBody {
  const volumes = optionValues(line, '-v', '--volume').map((word) => textOf(word));
  const mounts = optionValues(line, '--mount').map((word) => mountSource(textOf(word)));
  const namespaces = optionValues(line, '--pid', '--ipc', '--userns', '--network', '--net').map(textOf);
  const added = optionValues(line, '--cap-add').map((word) => textOf(word).toUpperCase());
  const privileged =
    hasOption(line, '--privileged') ||
    added.some((capability) => /^(CAP_)?(ALL|SYS_ADMIN|SYS_PTRACE|SYS_MODULE)$/.test(capability)) ||
    (namespaces.includes('host') && optionValues(line, '--pid').some((word) => textOf(word) === 'host'));
  return { kind: 'container', privileged, mounts: [...volumes, ...mounts], image: image && textOf(image) };
}

/** `type=bind,source=/x,target=/y` as `/x:/y`. */
function mountSource(mount: string): string {
  const fields = new Map(
    mount.split(',').map((field): [string, string] => {
      const at = field.indexOf('=');
      return at < 0 ? [field, ''] : [field.slice(0, at), field.slice(at + 1)];
    }),
  );
  const source = fields.get('source') ?? fields.get('src') ?? '';
  const target = fields.get('target') ?? fields.get('dst') ?? fields.get('destination') ?? '';
  return `${source}:${target}`;
}
