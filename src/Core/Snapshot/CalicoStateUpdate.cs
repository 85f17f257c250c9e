using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Ports;

namespace CalicoConsole.Core.Snapshot;

/// <summary>Makes Calico states from listings and changes of the datastore. Pure and thread-safe.</summary>
public static class CalicoStateUpdate
{
    /// <summary>The state that a full listing describes.</summary>
    /// <param name="keys">Every key.</param>
    /// <param name="revision">The revision of the listing.</param>
    /// <param name="emptyDirectories">Directories in which there is nothing.</param>
    public static CalicoState FromListing(ImmutableArray<StoredKey> keys, ulong revision, ImmutableArray<string> emptyDirectories = default)
    {
        var decoder = new ListingDecoder();
        decoder.Read(keys);
        return decoder.State(keys, revision, emptyDirectories);
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

        foreach (var (host, stands) in Directories(state, change, touched))
        {
            resources.Directory(host, stands);
            if (touched.Count == 0)
            {
                touched.Add(change.Key);
            }
        }

        var next = resources.Build();
        if (!next.OtherSpellings.IsEmpty || !state.OtherSpellings.IsEmpty)
        {
            // Where one identity has several keys, what stands under one of them changes with the others.
            var others = touched.Select(k => V1KeySpelling.For(V1Key.Parse(k))).OfType<string>()
                .SelectMany(k => state.SpellingsOf(k).Concat(next.SpellingsOf(k)));
            var all = others.Where(k => state.Keys.TryGet(k, out _) || keys.TryGet(k, out _)).Except(touched, StringComparer.Ordinal).ToList();
            touched.AddRange(all);
        }

        return (next, touched.ToImmutable());
    }

    // The directories of hosts that a change makes, empties or removes. A key that goes leaves the directories above it.
    private static IEnumerable<(string Host, bool Stands)> Directories(CalicoState state, DatastoreUpdate.Change change, ImmutableArray<string>.Builder touched)
    {
        if (change.Value is not null)
        {
            return [];
        }

        bool Goes(string host) => change.Subtree && V1Keys.Host(host) is var own
            && (own == change.Key || own.StartsWith(change.Key + "/", StringComparison.Ordinal));
        var hosts = touched.Where(k => V1Keys.HostOf(k) is { } h && k.Length > V1Keys.Host(h).Length).Select(V1Keys.HostOf).OfType<string>();
        hosts = change.Directory && V1Keys.HostOf(change.Key) is { } made ? hosts.Append(made) : hosts;
        return [.. hosts.Concat(state.BareHosts.Where(Goes)).Distinct(StringComparer.Ordinal).Select(h => (h, !Goes(h)))];
    }
}
