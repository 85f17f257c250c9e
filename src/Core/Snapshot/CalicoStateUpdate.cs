using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Makes Calico states from listings and changes of the datastore. Pure and thread-safe.</summary>
public static class CalicoStateUpdate
{
    /// <summary>The state that a full listing describes.</summary>
    public static CalicoState FromListing(ImmutableArray<StoredKey> keys, ulong revision)
    {
        var decoder = new ListingDecoder();
        decoder.Read(keys);
        return decoder.State(keys, revision);
    }

    /// <summary>The state after one change, with every key that it touched.</summary>
    public static (CalicoState State, ImmutableArray<string> Keys) Apply(CalicoState state, DatastoreUpdate.Change change)
    {
        var touched = ImmutableArray.CreateBuilder<string>();
        var keys = state.Keys;
        if (change.Value is { } value)
        {
            keys = keys.With(value);
            touched.Add(change.Key);
        }
        else
        {
            if (change.Subtree)
            {
                touched.AddRange(keys.Below(change.Key).Select(k => k.Key));
            }

            if (keys.TryGet(change.Key, out _))
            {
                touched.Add(change.Key);
            }

            keys = touched.Aggregate(keys, static (tree, key) => tree.Without(key));
        }

        var resources = new CalicoStateBuilder(state with { Keys = keys, Revision = Math.Max(state.Revision, change.Revision) });
        foreach (var key in touched)
        {
            resources.Touch(key, keys.Find(key));
        }

        return (resources.Build(), touched.ToImmutable());
    }
}
