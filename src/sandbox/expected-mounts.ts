import type { WorkspaceLayout } from './airlock/workspace-mount.ts';
import { pinnedDirectories, scratchDirectories } from './arguments.ts';
import type { HostFacts } from './host-facts.ts';
import type { SandboxPlan } from './plan.ts';
import type { ExpectedMount } from './probe/judge-view.ts';
import { HOST_ETC, KERNEL_SETTINGS } from './view.ts';

const DEVICE_MOUNTS = ['console', 'full', 'null', 'pts', 'random', 'tty', 'urandom', 'zero'];

/**
 * The mount table the agent should see. Written from the plan, not from the arguments given to bubblewrap, so that a
 * fault in those is noticed.
 */
export function expectedMounts(plan: SandboxPlan, facts: HostFacts, layout: WorkspaceLayout): readonly ExpectedMount[] {
  const readOnly = (path: string): ExpectedMount => ({ path, writable: false, optional: false });
  const perhaps = (path: string): ExpectedMount => ({ path, writable: false, optional: true });
  const own = (path: string, type: string, root = '/'): ExpectedMount => ({
    ...{ path, writable: true, optional: false },
    fileSystem: { type, root },
  });
  return [
    ...['/', '/usr'].map(readOnly),
    ...facts.systemDirectories.filter(({ link }) => link === undefined).map(({ path }) => readOnly(path)),
    ...facts.loginFiles.map(readOnly),
    ...[...HOST_ETC, ...facts.programEtc].map(perhaps),
    own('/proc', 'proc'),
    readOnly(KERNEL_SETTINGS),
    { ...own('/dev', 'tmpfs'), writable: false },
    ...facts.procEntries.map((name) => readOnly(`/proc/${name}`)),
    ...DEVICE_MOUNTS.map((name) => ({ path: `/dev/${name}`, writable: true, optional: true })),
    ...[...scratchDirectories(), ...pinnedDirectories(plan)].map(({ path, name }) => own(path, 'tmpfs', `/${name}`)),
    ...plan.files.filter((file) => !file.writable).map((file) => readOnly(file.path)),
    ...plan.readOnly.map(({ target, optional }) => ({ path: target, writable: false, optional })),
    layout === 'copied' ? own(plan.workspace, 'tmpfs', '/merged') : own(plan.workspace, 'overlay'),
  ];
}
