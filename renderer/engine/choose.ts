import { z } from 'zod';
import type { ShellBridge } from './bridge.ts';

const folderSchema = z.string().nullable();
const filesSchema = z.array(z.string()).nullable();

/** Lets the person choose a folder; null when cancelled or without a desktop shell. */
export async function chooseFolder(shell: ShellBridge): Promise<string | null> {
  return shell.chooseFolder ? folderSchema.parse(await shell.chooseFolder()) : null;
}

/** Lets the person choose scans; empty when cancelled or without a desktop shell. */
export async function chooseFiles(shell: ShellBridge): Promise<string[]> {
  return shell.chooseFiles ? (filesSchema.parse(await shell.chooseFiles()) ?? []) : [];
}
