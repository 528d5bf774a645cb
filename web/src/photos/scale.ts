/** How long making one photo smaller may take, on a slow phone. */
const PATIENCE = 30_000

/** Returns a photo that is small enough to be sent; as it is if the browser cannot read it: the API says what is wrong with it. */
export function scale(photo: Blob, signal: AbortSignal): Promise<Blob> {
  // One worker for each photo: a browser frees the memory of a large one when its worker ends.
  const worker = new Worker(new URL('./scale.worker.ts', import.meta.url), { type: 'module' })
  const ended = AbortSignal.any([signal, AbortSignal.timeout(PATIENCE)])
  return new Promise<Blob>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<Blob | undefined>) => resolve(data ?? photo)
    worker.onerror = () => resolve(photo)
    ended.addEventListener('abort', () => resolve(photo))
    worker.postMessage(photo)
  }).finally(() => worker.terminate())
}
