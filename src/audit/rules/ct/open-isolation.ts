import type { Severity } from '../../../findings/index.ts';
import type { ContainerSetting } from '../../../pipelines/index.ts';
import type { Rule } from '../../rule.ts';
import { removeLines } from '../line-removal.ts';
import { containerDraft, type InspectedContainer, inspectContainers, titleOf } from './agent-container.ts';
import { compose, SOUND_COMPOSE } from './examples.ts';

/** One row: a setting that opens the container, which values do so, and how bad it is. */
interface OpeningRow {
  readonly name: ContainerSetting['name'];
  readonly value: RegExp;
  readonly severity: Severity;
  readonly effect: string;
}

const OPENINGS: readonly OpeningRow[] = [
  { name: 'privileged', value: /^(?:true|insecure)$/i, severity: 'high', effect: 'has every right of the machine' },
  {
    name: 'host-network',
    value: /^(?:true|host)$/i,
    severity: 'high',
    effect: "shares the machine's network, its loopback services included",
  },
  {
    name: 'host-pid',
    value: /^(?:true|host)$/i,
    severity: 'high',
    effect: 'sees the processes of the machine and their environments',
  },
  { name: 'host-ipc', value: /^(?:true|host)$/i, severity: 'high', effect: 'shares memory with the machine' },
  { name: 'host-user', value: /^host$/i, severity: 'high', effect: "shares the machine's user ids" },
  {
    name: 'capability',
    value: /^(?:CAP_)?NET_(?:ADMIN|RAW)$/i,
    severity: 'low',
    effect: 'may change the firewall that is meant to hold it',
  },
  {
    name: 'capability',
    value: /^(?:CAP_)?(?:ALL|SYS_[A-Z]+|DAC_[A-Z_]+|BPF|PERFMON|MKNOD|SETFCAP|MAC_[A-Z]+|CHECKPOINT_RESTORE)$/i,
    severity: 'high',
    effect: 'can leave the container',
  },
  {
    name: 'security-option',
    value: /unconfined|disable|systempaths=unconfined/i,
    severity: 'high',
    effect: 'runs without the filter of the runtime',
  },
  { name: 'seccomp', value: /^Unconfined$/, severity: 'high', effect: 'may make every system call' },
  {
    name: 'allow-privilege-escalation',
    value: /^true$/,
    severity: 'medium',
    effect: 'may gain rights through set-user-id programs',
  },
  { name: 'device', value: /./, severity: 'high', effect: 'reaches a device of the machine' },
  {
    name: 'run-argument',
    value: /^--privileged(?:=true)?$/,
    severity: 'high',
    effect: 'has every right of the machine',
  },
  {
    name: 'run-argument',
    value: /^--(?:network|net|pid|ipc|userns)=host$/,
    severity: 'high',
    effect: 'shares a namespace with the machine',
  },
  {
    name: 'run-argument',
    value: /^--cap-add=(?:CAP_)?(?:ALL|SYS_|DAC_)/i,
    severity: 'high',
    effect: 'can leave the container',
  },
  { name: 'run-argument', value: /unconfined/, severity: 'high', effect: 'runs without the filter of the runtime' },
];

/** CT004 */
export const openIsolation: Rule = {
  id: 'CT004',
  name: 'container-isolation-open',
  title: "The agent's container is opened to the machine",
  what: 'Privileged mode, dangerous capabilities, namespaces of the host, devices, or an unconfined filter on a container.',
  why: 'A container is the wall around an agent that obeys whoever wrote the text it reads. With these switches there is no wall: the machine, its other jobs and their credentials are in reach.',
  sources: [
    'Kubernetes Pod Security Standards, baseline',
    'Docker documentation, "Runtime privilege and Linux capabilities"',
  ],
  severity: 'high',
  confidence: 'high',
  tier: 'regular',
  family: 'CT',
  fix: 'unsafe',
  advice: 'Remove the switch; build images with rootless tools outside the agent.',
  tags: ['CWE-250', 'CWE-653'],
  attack: compose(SOUND_COMPOSE.replace('    user:', '    privileged: true\n    user:')),
  benign: compose(SOUND_COMPOSE),
  check: (facts) =>
    inspectContainers(facts).flatMap((inspected) =>
      inspected.container.settings.flatMap((setting) => {
        const row = OPENINGS.find(({ name, value }) => name === setting.name && value.test(setting.text));
        if (row === undefined) return [];
        const message = `${titleOf(inspected)} ${row.effect}: ${setting.name} ${setting.text}`;
        const fixes = fixesFor(inspected, setting);
        return [
          containerDraft('CT004', inspected, {
            message,
            severity: row.severity,
            place: setting.place,
            about: `${setting.name} ${setting.text}`,
            fixes,
          }),
        ];
      }),
    ),
};

function fixesFor(
  { file }: InspectedContainer,
  setting: ContainerSetting,
): NonNullable<Parameters<typeof containerDraft>[2]['fixes']> {
  const edit = removeLines(file.file, setting.removal);
  return edit === undefined || setting.name === 'run-argument'
    ? []
    : [{ title: `Remove ${setting.name}`, safety: 'unsafe', edits: [edit], creates: [] }];
}
