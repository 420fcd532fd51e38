import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** Has garbage collected again and again while something goes on: what nobody holds is gone by its end. */
export async function collectingGarbage<T>(work: () => Promise<T>): Promise<T> {
  setFlagsFromString("--expose-gc");
  const collecting = setInterval(runInNewContext("gc") as () => void, 20);
  try {
    return await work();
  } finally {
    clearInterval(collecting);
  }
}
