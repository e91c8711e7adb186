/** How a page that nothing inspects answers: it posts messages to its server, as JSON. */

export type Message =
  | { readonly progress: string }
  | { readonly error: string }
  | { readonly result: unknown };

/** What a page may run: it takes plain data and gives plain data. */
type PageFunction = (argument: unknown, say: (progress: string) => void) => unknown;

/** Calls a function of a module, and posts what it gives or throws. */
export async function postMessages(module: string, name: string, argument: unknown): Promise<void> {
  try {
    const found: Readonly<Record<string, PageFunction | undefined>> = await import(module);
    const say = (progress: string): void => void post({ progress });
    await post({ result: await found[name]?.(argument, say) });
  } catch (error) {
    await post({ error: String(error) });
  }
}

async function post(message: Message): Promise<void> {
  await fetch('/', { method: 'POST', body: JSON.stringify(message) });
}
