using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>A kind by the type of its resources: what each kind's file fills in.</summary>
internal abstract class Kind<T>(string name, string typeName, string word, params ImmutableArray<string> aliases)
    : Kind(name, typeName, word, typeof(T), aliases)
    where T : class
{
    internal sealed override ResourceId IdOf(object resource) => IdOf((T)resource);

    internal sealed override bool IsNameless(object resource) => IsNameless((T)resource);

    internal sealed override object WithName(object resource, string name) => WithName((T)resource, name);

    internal sealed override ImmutableArray<KeyValueWrite> Encode(object resource) => Encode((T)resource);

    internal sealed override object Merge(object desired, object stored) => desired is T d && stored is T s
        ? Merge(d, s)
        : throw new ArgumentException("the resources are not of one kind", nameof(stored));

    internal sealed override bool HasUnknown(object resource) => HasUnknown((T)resource);

    internal sealed override StoredResource? Find(CalicoState state, ResourceId id) => Keys(id) is [var key, ..] && FindStored(state, id, key) is { } stored
        ? new StoredResource(stored.Value, stored.Keys)
        : null;

    internal sealed override IEnumerable<StoredResource> In(CalicoState state) => InOrder(AllIn(state).Select(s => new StoredResource(s.Value, s.Keys)));

    internal sealed override string PlaceOf(StoredResource resource) => ListedBy.By(resource);

    internal sealed override IComparer<string> PlaceOrder => ListedBy.Order;

    internal sealed override GoJsonWriter Write(object resource) => Write((T)resource);

    internal sealed override ValidationResult Validate(object resource)
    {
        var found = new Findings();
        Validate((T)resource, found);
        return found.ToResult();
    }

    internal sealed override KindRules? RulesOf(object resource) => RulesOf((T)resource);

    internal sealed override Effects EffectsOfWriting(object resource, CalicoState state) => EffectsOfWriting((T)resource, state);

    protected abstract ResourceId IdOf(T resource);

    protected virtual bool IsNameless(T resource) => false;

    protected virtual T WithName(T resource, string name) => resource;

    protected abstract ImmutableArray<KeyValueWrite> Encode(T resource);

    protected abstract T Merge(T desired, T stored);

    protected abstract bool HasUnknown(T resource);

    /// <summary>The stored one.</summary>
    /// <param name="state">Where to look.</param>
    /// <param name="id">Whose.</param>
    /// <param name="key">The first of its keys as Calico writes it.</param>
    protected abstract Stored<T>? FindStored(CalicoState state, ResourceId id, string key);

    protected abstract IEnumerable<Stored<T>> AllIn(CalicoState state);

    /// <summary>What calicoctl's list is ordered by, and how: as etcd sorts their directories, unless a kind says otherwise.</summary>
    protected virtual (Func<StoredResource, string> By, IComparer<string> Order) ListedBy => (static r => r.Keys[0].Key, TreeOrder.Instance);

    protected abstract GoJsonWriter Write(T resource);

    protected abstract void Validate(T resource, Findings found);

    protected virtual KindRules? RulesOf(T resource) => null;

    protected virtual Effects EffectsOfWriting(T resource, CalicoState state) => Effects.None;

    /// <summary>A column that every table has.</summary>
    protected static KindColumn On(string heading, Func<T, string> cell) => new(heading, false, (r, _) => cell((T)r));

    /// <summary>A column of the wide table alone.</summary>
    protected static KindColumn Wide(string heading, Func<T, string> cell) => new(heading, true, (r, _) => cell((T)r));

    /// <summary>The same, where a cell depends on other resources.</summary>
    protected static KindColumn Wide(string heading, Func<T, CalicoState, string> cell) => new(heading, true, (r, state) => cell((T)r, state));

    protected static string Joined<TItem>(ImmutableArray<TItem> items) => items.IsDefaultOrEmpty ? "" : string.Join(',', items);

    // Most are in order already, as they are kept by their keys.
    private IEnumerable<StoredResource> InOrder(IEnumerable<StoredResource> resources)
    {
        var (by, order) = ListedBy;
        StoredResource[] all = [.. resources];
        for (var i = 1; i < all.Length; i++)
        {
            if (order.Compare(by(all[i - 1]), by(all[i])) > 0)
            {
                return all.OrderBy(by, order);
            }
        }

        return all;
    }
}
