import type { Needs } from './needs.ts';

/**
 * Installs Sallyport. It is on no public registry: whoever sets the pipeline up names the package that `npm pack` made,
 * so that nobody else's package of that name is fetched.
 */
export const INSTALL_SALLYPORT =
  'npm install --global --ignore-scripts "${SALLYPORT_PACKAGE:?name the package that npm pack made of Sallyport}"';

/** What the sandbox needs on Debian and Ubuntu. */
export const INSTALL_SANDBOX = 'sudo apt-get update -qq && sudo apt-get install -y -qq bubblewrap';

/** Ubuntu 24.04 takes the rights away in a new user namespace; `sallyport doctor` prints the same commands. */
export const ALLOW_NAMESPACES: readonly string[] = [
  "printf 'abi <abi/4.0>,\\ninclude <tunables/global>\\nprofile bwrap /usr/bin/bwrap flags=(unconfined) {\\n  userns,\\n}\\n' | sudo tee /etc/apparmor.d/bwrap >/dev/null",
  'sudo apparmor_parser -r /etc/apparmor.d/bwrap',
];

/** The agent in its exact version; its own installation script links the program. */
export function installAgent({ agent }: Needs): string {
  return `npm install --global ${agent.package}`;
}

/**
 * The contained run. The prompt has no character that a shell reads.
 * @param out where it leaves patch and evidence: outside the checkout, so that they are no part of the change
 */
export function agentCommand({ agent, prompt }: Needs, out: string, base?: string): string {
  const from = base === undefined ? '' : ` --base ${base}`;
  return `sallyport run${from} --out "${out}" -- ${agent.command} '${prompt}'`;
}

/** Takes the patch into a fresh checkout, as data, and judges what it adds before it goes anywhere. */
export function applyCommands(patch: string): readonly string[] {
  return [
    `test -s "${patch}" || exit 0`,
    `git apply --index "${patch}"`,
    "git -c core.hooksPath=/dev/null -c user.name=sallyport -c user.email=sallyport@localhost commit -q -m 'Change made by an agent, contained by Sallyport'",
    'sallyport audit --diff HEAD~1..HEAD',
  ];
}
