/**
 * Files that have not been sent yet, in the browser: a form that was left finds them again by its draft, which has their keys. A
 * form never comes back without its draft, so what is older than a day is deleted.
 */
const NAME = 'catfoster.photos'
const STORE = 'files'
const DAY = 86_400_000

interface Kept {
  file: Blob
  at: number
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open(NAME, 1)
  request.onupgradeneeded = () => request.result.createObjectStore(STORE)
  return answerOf(request)
}

function answerOf<Answer>(request: IDBRequest<Answer>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })
}

/** Works on the store. The browser may refuse to keep anything: the files are still on the page. */
async function withStore<Answer>(work: (store: IDBObjectStore) => Promise<Answer>): Promise<Answer | undefined> {
  try {
    const database = await open()
    try {
      return await work(database.transaction(STORE, 'readwrite').objectStore(STORE))
    } finally {
      database.close()
    }
  } catch {
    return undefined
  }
}

export async function keepFile(key: string, file: Blob): Promise<void> {
  await withStore((store) => answerOf(store.put({ file, at: Date.now() } satisfies Kept, key)))
}

export async function keptFile(key: string): Promise<Blob | undefined> {
  const kept = await withStore((store) => answerOf(store.get(key) as IDBRequest<Kept | undefined>))
  return kept?.file
}

export async function dropFile(key: string): Promise<void> {
  await withStore((store) => answerOf(store.delete(key)))
}

/** Deletes what nobody has come back for. */
export async function dropOldFiles(): Promise<void> {
  await withStore(async (store) => {
    const [keys, all] = await Promise.all([answerOf(store.getAllKeys()), answerOf(store.getAll() as IDBRequest<Kept[]>)])
    all.forEach(({ at }, n) => at < Date.now() - DAY && store.delete(keys[n]!))
  })
}

/** Deletes everything, as the member's account is deleted. */
export function dropAllFiles(): void {
  try {
    indexedDB.deleteDatabase(NAME)
  } catch {
    // There is none.
  }
}
