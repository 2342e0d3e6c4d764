/** A key of an agent's settings that opens or closes it, whatever the product calls it. */
interface SwitchRow {
  /** Against the whole key, and against its last two parts. */
  readonly names: RegExp;
  /** Above 0 opens, below 0 protects. */
  readonly weigh: (value: string) => number;
}

const isTrue = (value: string): boolean => /^(?:true|1|yes|on|enabled|always)$/i.test(value);

/** A switch that opens when it is on. */
function opens(names: RegExp): SwitchRow {
  return { names, weigh: (value) => (isTrue(value) ? 1 : 0) };
}

/** A switch that protects when it is on, and opens when somebody switches it off. */
function protects(names: RegExp): SwitchRow {
  return { names, weigh: (value) => (isTrue(value) ? -1 : 1) };
}

/** Modes by how much they ask, from the vendors' settings references of August 2026. */
const MODES: ReadonlyMap<string, number> = new Map([
  ['plan', -1],
  ['read-only', -1],
  ['readonly', -1],
  ['default', 0],
  ['manual', 0],
  ['untrusted', 0],
  ['on-request', 0],
  ['ask', 0],
  ['acceptedits', 1],
  ['auto_edit', 1],
  ['workspace-write', 1],
  ['on-failure', 1],
  ['auto', 2],
  ['dontask', 2],
  ['never', 2],
  ['allow', 2],
  ['yolo', 3],
  ['bypasspermissions', 3],
  ['danger-full-access', 3],
]);

export const SWITCHES: readonly SwitchRow[] = [
  {
    names:
      /(?:^|\.)(?:defaultMode|approval_?policy|approvalMode|sandbox_?mode|permission_?mode|default_tools_approval_mode)$/i,
    weigh: (value) => MODES.get(value.toLowerCase()) ?? 0,
  },
  opens(
    /(?:^|\.)(?:dangerously\w*|skipDangerous\w*|bypass\w*|yolo|autoApprove|auto_?accept\w*|autoAccept\w*|trust|trustAll\w*)$/i,
  ),
  opens(
    /(?:^|\.)(?:enableAllProjectMcpServers|chat\.tools\.autoApprove|allowUnsandboxedCommands|enableWeakerNestedSandbox|network_access|allowAllUnixSockets|disableAllHooks|disableBypass\w*Off|autoRun\w*|alwaysAllow\w*)$/i,
  ),
  protects(
    /(?:^|\.)(?:sandbox\.enabled|sandbox\.autoAllowBashIfSandboxed\.off|allowManagedHooksOnly|allowManagedPermissionRulesOnly|failIfUnavailable|folderTrust\.enabled|requireApproval)$/i,
  ),
  {
    names: /(?:^|\.)disableBypassPermissionsMode$/i,
    weigh: (value) => (value === 'disable' || isTrue(value) ? -2 : 0),
  },
  {
    names: /(?:^|\.)sandbox$/i,
    weigh: (value) => (/^(?:false|off|none|0)$/i.test(value) ? 1 : isTrue(value) ? -1 : 0),
  },
];
