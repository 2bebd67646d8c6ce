/**
 * Who is in which room. Nearly every socket is in one room only, the one that
 * carries its own id; such a socket costs one entry in a set. It gets maps and
 * sets of its own when somebody looks, or when it joins another room.
 */

/** Learns what changes, as it happens. */
export interface RoomObserver {
  created(room: string): void;
  joined(room: string, id: string): void;
  left(room: string, id: string): void;
  deleted(room: string): void;
}

export class RoomTable {
  /** Those who are in the room of their own id, alone, and in no other. */
  readonly #alone = new Set<string>();
  readonly #rooms = new Map<string, Set<string>>();
  readonly #sids = new Map<string, Set<string>>();
  /** Somebody holds the maps, so they must be complete from now on. */
  #open = false;

  constructor(private readonly observer: RoomObserver) {}

  /** Rooms and the ids in them. */
  get rooms(): Map<string, Set<string>> {
    this.#complete();
    return this.#rooms;
  }

  /** Ids and the rooms that they are in. */
  get sids(): Map<string, Set<string>> {
    this.#complete();
    return this.#sids;
  }

  /** The rooms of an id: the set itself, not a copy. */
  roomsOf(id: string): Set<string> | undefined {
    this.#unfold(id);
    return this.#sids.get(id);
  }

  add(id: string, room: string): void {
    if (this.#alone.has(id)) {
      if (room === id) return;
      this.#unfold(id);
    } else if (
      room === id &&
      !this.#open &&
      !this.#sids.has(id) &&
      !this.#rooms.has(id)
    ) {
      this.#alone.add(id);
      this.observer.created(room);
      this.observer.joined(room, id);
      return;
    }
    this.#unfold(room);
    entry(this.#sids, id).add(room);
    let members = this.#rooms.get(room);
    if (members === undefined) {
      members = new Set();
      this.#rooms.set(room, members);
      this.observer.created(room);
    }
    if (members.has(id)) return;
    members.add(id);
    this.observer.joined(room, id);
  }

  del(id: string, room: string): void {
    this.#unfold(id);
    this.#sids.get(id)?.delete(room);
    this.#leave(id, room);
  }

  /** The id leaves all rooms, and is forgotten. */
  delAll(id: string): void {
    if (this.#alone.delete(id)) {
      this.observer.left(id, id);
      this.observer.deleted(id);
      return;
    }
    const rooms = this.#sids.get(id);
    if (rooms === undefined) return;
    for (const room of rooms) this.#leave(id, room);
    this.#sids.delete(id);
  }

  /**
   * Visits each id once that is in one of `rooms` and in none of `except`.
   * No rooms at all mean everybody.
   */
  select(
    rooms: ReadonlySet<string>,
    except: ReadonlySet<string> | undefined,
    everybody: Iterable<string>,
    visit: (id: string) => void,
  ): void {
    const excluded = this.#union(except);
    if (rooms.size === 1) {
      for (const room of rooms)
        for (const id of this.#members(room)) if (!excluded.has(id)) visit(id);
      return;
    }
    const chosen = rooms.size === 0 ? everybody : this.#union(rooms);
    for (const id of chosen) if (!excluded.has(id)) visit(id);
  }

  /** Whether more than one may be meant, out of `total`. Cheap, and rather yes than no. */
  mayBeSeveral(rooms: ReadonlySet<string>, total: number): boolean {
    if (rooms.size !== 1) return total > 1;
    for (const room of rooms) return (this.#rooms.get(room)?.size ?? 0) > 1;
    return false;
  }

  #members(room: string): Iterable<string> {
    if (this.#alone.has(room)) return [room];
    return this.#rooms.get(room) ?? [];
  }

  #union(rooms: ReadonlySet<string> | undefined): ReadonlySet<string> {
    const ids = new Set<string>();
    if (rooms !== undefined)
      for (const room of rooms)
        for (const id of this.#members(room)) ids.add(id);
    return ids;
  }

  #leave(id: string, room: string): void {
    this.#unfold(room);
    const members = this.#rooms.get(room);
    if (members === undefined) return;
    if (members.delete(id)) this.observer.left(room, id);
    if (members.size === 0 && this.#rooms.delete(room))
      this.observer.deleted(room);
  }

  #complete(): void {
    if (this.#open) return;
    this.#open = true;
    for (const id of this.#alone) this.#unfold(id);
  }

  #unfold(id: string): void {
    if (!this.#alone.delete(id)) return;
    this.#sids.set(id, new Set([id]));
    this.#rooms.set(id, new Set([id]));
  }
}

function entry(map: Map<string, Set<string>>, key: string): Set<string> {
  let set = map.get(key);
  if (set === undefined) {
    set = new Set();
    map.set(key, set);
  }
  return set;
}
