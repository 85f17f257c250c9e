using System.Collections.Immutable;
using System.Text.Json;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Ports;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kinds;

namespace CalicoConsole.Web.Api;

/// <summary>What became of an object.</summary>
internal enum ObjectChange
{
    /// <summary>It was not there before.</summary>
    Added,

    /// <summary>It is another.</summary>
    Changed,

    /// <summary>It is gone.</summary>
    Removed,
}

/// <summary>An object of which an event tells.</summary>
/// <param name="Kind">Its kind, one of <see cref="ObjectChanges.Kinds"/>.</param>
/// <param name="Identity">Its identity by the names of its document.</param>
/// <param name="Revision">Its revision, which is also its ETag; null of what has none, and of what is gone the last one.</param>
/// <param name="Href">Where the API answers it: its own address, or the list of a kind whose objects have none.</param>
internal sealed record EventObject(string Kind, ImmutableSortedDictionary<string, string> Identity, ulong? Revision, string Href);

/// <summary>What is another in one snapshot than in an earlier one, as the API's lists show it. Pure.</summary>
internal static class ObjectChanges
{
    private const string Container = "container";
    private const string Network = "network";

    // The clock is no change of a container.
    private static readonly DateTimeOffset NoTime = DateTimeOffset.UnixEpoch;

    /// <summary>Every kind of which events tell.</summary>
    public static ImmutableArray<string> Kinds { get; } = [.. Kind.Names, Network, Container, .. KeptKinds.All];

    /// <summary>The changes, kind by kind, each in the order of its list.</summary>
    public static IEnumerable<(ObjectChange Change, EventObject Object)> Between(ClusterSnapshot before, ClusterSnapshot after)
    {
        var (was, now) = (before.Calico, after.Calico);
        return
        [
            .. Stored(was.IPPools, now.IPPools),
            .. Stored(was.Profiles, now.Profiles),
            .. Stored(was.Policies, now.Policies),
            .. Stored(was.BgpPeers, now.BgpPeers),
            .. Stored(was.HostEndpoints, now.HostEndpoints),
            .. Changes(now.WorkloadEndpoints.ChangesSince(was.WorkloadEndpoints), Same, Resource),
            .. Nodes(before, after),
            .. Networks(before, after),
            .. Changes(Merged(before.Views.Containers, after.Views.Containers), Same, Object),
            .. Changes(Merged(before.Kept, after.Kept), (a, b) => Same(a.Stored, b.Stored), Object),
        ];
    }

    private static IEnumerable<(ObjectChange, EventObject)> Stored<TKey, T>(
        ImmutableSortedDictionary<TKey, Stored<T>> before, ImmutableSortedDictionary<TKey, Stored<T>> after)
        where TKey : notnull
        where T : class => Changes(Merged(before, after), Same, Resource);

    private static IEnumerable<(ObjectChange, EventObject)> Nodes(ClusterSnapshot before, ClusterSnapshot after)
    {
        if (before.Views.Nodes == after.Views.Nodes)
        {
            return [];
        }

        static ImmutableSortedDictionary<string, NodeView> ByPlace(ClusterSnapshot snapshot) =>
            snapshot.Views.Nodes.ToImmutableSortedDictionary(n => ApiList.Place(n.Name, n.Host?.Name ?? ""), n => n, StringComparer.Ordinal);
        return Changes(Merged(ByPlace(before), ByPlace(after)), (a, b) => Same(NodeAnswer.From(a), NodeAnswer.From(b)), Object);
    }

    private static IEnumerable<(ObjectChange, EventObject)> Networks(ClusterSnapshot before, ClusterSnapshot after)
    {
        if (before.Views.Networks == after.Views.Networks && before.Hosts == after.Hosts)
        {
            return [];
        }

        static ImmutableSortedDictionary<string, NetworkAnswer> ByPlace(ClusterSnapshot snapshot) =>
            NetworksApi.All(snapshot).ToImmutableSortedDictionary(n => ApiList.Place(n.Name, n.Id, n.Host), n => n, StringComparer.Ordinal);
        return Changes(Merged(ByPlace(before), ByPlace(after)), Same, Object);
    }

    private static IEnumerable<(ObjectChange, EventObject)> Changes<T>(
        IEnumerable<(T? Before, T? After)> pairs, Func<T, T, bool> same, Func<T, EventObject> say)
        where T : class
    {
        foreach (var (before, after) in pairs)
        {
            if (before is null)
            {
                yield return (ObjectChange.Added, say(after!));
            }
            else if (after is null)
            {
                yield return (ObjectChange.Removed, say(before));
            }
            else if (!ReferenceEquals(before, after) && !same(before, after))
            {
                yield return (ObjectChange.Changed, say(after));
            }
        }
    }

    // Both are in the order of their keys.
    private static IEnumerable<(T? Before, T? After)> Merged<TKey, T>(ImmutableSortedDictionary<TKey, T> before, ImmutableSortedDictionary<TKey, T> after)
        where TKey : notnull
        where T : class
    {
        if (ReferenceEquals(before, after))
        {
            yield break;
        }

        using var old = before.GetEnumerator();
        using var now = after.GetEnumerator();
        var (hasOld, hasNow) = (old.MoveNext(), now.MoveNext());
        while (hasOld || hasNow)
        {
            var order = !hasOld ? 1 : !hasNow ? -1 : after.KeyComparer.Compare(old.Current.Key, now.Current.Key);
            yield return (order <= 0 ? old.Current.Value : null, order >= 0 ? now.Current.Value : null);
            hasOld = order <= 0 ? old.MoveNext() : hasOld;
            hasNow = order >= 0 ? now.MoveNext() : hasNow;
        }
    }

    // A listing that is read again has the same keys in new objects.
    private static bool Same<T>(Stored<T> a, Stored<T> b)
        where T : class => a.Keys.Length == b.Keys.Length && a.Keys.Zip(b.Keys).All(k => Same(k.First, k.Second));

    private static bool Same(StoredKey a, StoredKey b) => a.Revision == b.Revision && a.Key == b.Key && a.Value.Span.SequenceEqual(b.Value.Span);

    private static bool Same(ContainerView a, ContainerView b) => Same(ContainerAnswer.From(a, NoTime), ContainerAnswer.From(b, NoTime));

    // What the API says of them is alike.
    private static bool Same<T>(T a, T b)
        where T : class =>
        JsonSerializer.SerializeToUtf8Bytes(a, JsonSerializerOptions.Web).AsSpan()
            .SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(b, JsonSerializerOptions.Web));

    private static EventObject Resource<T>(Stored<T> stored)
        where T : class
    {
        var id = ResourceId.From(stored.Value);
        var own = id.Field[(id.Field.LastIndexOf('.') + 1)..];
        var pages = KindPages.Find(id.Kind) ?? throw new ArgumentException($"'{id.Kind}' has no row", nameof(stored));
        return new(
            id.Kind, Identity((own, id.Name), ("node", id.Node), ("orchestrator", id.Orchestrator), ("workload", id.Workload)), stored.Revision,
            Api(pages.ApiAddress(id)));
    }

    private static EventObject Object(NodeView node) => new(
        KindNames.Node, Identity(("name", node.Name), ("host", node.Host?.Name ?? "")), node.Node?.Revision, Api("nodes"));

    private static EventObject Object(NetworkAnswer network) => new(
        Network, Identity(("host", network.Host), ("id", network.Id), ("name", network.Name)), null, Api($"networks?host={Part(network.Host)}"));

    private static EventObject Object(ContainerView view) => new(
        Container, Identity(("host", view.Host), ("id", view.Container.Id), ("name", view.Container.Name)), null,
        Api($"containers/{Part(view.Container.Id)}?host={Part(view.Host)}"));

    private static EventObject Object(KeptItem item) => new(item.Kind, Identity(("name", item.Name)), item.Revision, Api(item.Kind switch
    {
        KeptKinds.Assertion => $"assertions/{Part(item.Name)}",
        KeptKinds.Draft => $"drafts/{Part(item.Name)}",
        KeptKinds.DisabledPolicy => "disabled-policies",
        KeptKinds.Attachment or KeptKinds.Detachment => "attachments",
        _ => throw new ArgumentException($"'{item.Kind}' is nothing that is kept", nameof(item)),
    }));

    private static ImmutableSortedDictionary<string, string> Identity(params ReadOnlySpan<(string Name, string Value)> members)
    {
        var identity = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in members)
        {
            if (value.Length > 0)
            {
                identity.Add(name, value);
            }
        }

        return identity.ToImmutable();
    }

    private static string Part(string text) => Uri.EscapeDataString(text);

    private static string Api(string path) => $"/api/v1/{path}";
}
