/** What configuration says about controls: pipelines, agents, infrastructure, switches, checking tools. */
export { type ConfigurationReader, createConfigurationReader } from './read-configuration.ts';
export { addPackageScript } from './scripts.ts';
export { SheetBuilder } from './sheet.ts';
