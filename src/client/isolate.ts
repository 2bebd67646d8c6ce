/**
 * Runs what an application handed to us. If it throws, the error goes where
 * uncaught errors go, as with the reference client, and what follows in the
 * same message from the server is not lost.
 */
export function isolate(task: () => void): void {
  try {
    task();
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
