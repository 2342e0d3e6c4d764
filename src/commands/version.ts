/** The version of this program, as reports and `--version` say it. */
export const VERSION = '0.1.0';
