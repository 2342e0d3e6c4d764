export { SETUP_FORGES, type SetupForge, type SetupOptions, writeSetup } from './write-setup.ts';
