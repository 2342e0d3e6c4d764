/** Keys that Claude Code reads from managed settings only: written elsewhere they do nothing. Source: settings reference. */
export const MANAGED_ONLY_KEYS: ReadonlySet<string> = new Set([
  'allowManagedHooksOnly',
  'allowManagedPermissionRulesOnly',
  'allowManagedMcpServersOnly',
  'allowAllClaudeAiMcps',
  'disableSideloadFlags',
  'disableCommandPluginSources',
  'strictKnownMarketplaces',
  'blockedMarketplaces',
  'strictPluginOnlyCustomization',
  'sandbox.network.allowManagedDomainsOnly',
  'sandbox.filesystem.allowManagedReadPathsOnly',
  'requiredMinimumVersion',
  'requiredMaximumVersion',
  'forceRemoteSettingsRefresh',
  'forceLoginGatewayUrl',
  'browserExternalPageTools',
  'policyHelper.path',
]);

/** Keys that count in user and managed settings, never in those of a repository. */
export const USER_ONLY_KEYS: ReadonlySet<string> = new Set([
  'sandbox.filesystem.disabled',
  'sandbox.network.strictAllowlist',
  'sandbox.network.tlsTerminate',
  'sandbox.credentials.allowPlaintextInject',
  'sandbox.credentials.awsPairs',
  'sandbox.credentials.sigv4',
  'sandbox.ripgrep',
  'processWrapper',
  'autoMode.environment',
  'autoMode.allow',
  'autoMode.soft_deny',
]);
