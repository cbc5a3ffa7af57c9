/**
 * Whoever reads what a command says may go away (`| head`, a closed window): the command is not killed in the middle of its work for
 * that, says the rest to nobody, and its exit status stands.
 */
export function outliveReaders(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
}
