import type { JsonPlace } from './walk-json.ts';

/**
 * Numbers places, the same in every document of a stream: by their names and marks and those of what they are in. Each name
 * is read once for each object that has it, however much is in that object.
 */
export class PlaceNumbers {
  readonly #byPlace = new Map<JsonPlace, number>();
  readonly #byName = new Map<string, number>();

  /** @param place of documents that have been walked to their end. Nested no deeper than `walkJson` follows. */
  of(place: JsonPlace): number {
    const known = this.#byPlace.get(place);
    if (known !== undefined) return known;
    const parent = place.parent ? this.of(place.parent) : 0;
    const name = `${parent};${place.marks};${place.name}`;
    let number = this.#byName.get(name);
    if (number === undefined) {
      number = this.#byName.size + 1;
      this.#byName.set(name, number);
    }
    this.#byPlace.set(place, number);
    return number;
  }
}
