export { SETUP_FORGES, type SetupForge, writeSetup } from './write-setup.ts';
