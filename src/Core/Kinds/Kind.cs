using System.Collections.Frozen;
using CalicoConsole.Core.Kinds.Documents;
using CalicoConsole.Core.Model.V1;
using CalicoConsole.Core.Model.Validation;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Kinds;

/// <summary>
/// One of calicoctl's kinds of resource: all that tells it from the others, in one file a kind. Whoever needs something of a kind looks it up here instead of
/// deciding by the kind; what needs more than a kind can know (a plan, a verdict) asks for it where that is known. Immutable and thread-safe.
/// </summary>
public abstract class Kind
{
    private static readonly FrozenDictionary<string, Kind> ByName;
    private static readonly FrozenDictionary<Type, Kind> ByType;
    private static readonly FrozenDictionary<string, Kind> ByAlias;

    static Kind()
    {
        All = [new IPPoolKind(), new ProfileKind(), new PolicyKind(), new NodeKind(), new BgpPeerKind(), new HostEndpointKind(), new WorkloadEndpointKind()];
        Names = [.. All.Select(k => k.Name)];
        ByName = All.ToFrozenDictionary(k => k.Name, StringComparer.Ordinal);
        ByType = All.ToFrozenDictionary(k => k.Type);
        ByAlias = All.SelectMany(k => k.Aliases.Select(a => (Alias: a, Kind: k)))
            .ToFrozenDictionary(a => a.Alias, a => a.Kind, StringComparer.OrdinalIgnoreCase);
    }

    private protected Kind(string name, string typeName, string word, Type type, ImmutableArray<string> aliases) =>
        (Name, TypeName, Word, Type, Aliases) = (name, typeName, word, type, aliases);

    /// <summary>The closed set of kinds, in the order in which a whole datastore is exported: what is needed comes first.</summary>
    public static ImmutableArray<Kind> All { get; }

    /// <summary>Their names, in the same order.</summary>
    public static ImmutableArray<string> Names { get; }

    /// <summary>As documents spell it: <c>ipPool</c>.</summary>
    public string Name { get; }

    /// <summary>As a person says it, within a sentence: <c>IP pool</c>.</summary>
    public string Word { get; }

    /// <summary>What <c>calicoctl get</c> calls it, in any case: <c>pools</c>, <c>wep</c> and so on.</summary>
    public ImmutableArray<string> Aliases { get; }

    /// <summary>Whether resources of it decide what traffic may pass, so that a draft of them can be weighed.</summary>
    public virtual bool DecidesTraffic => false;

    /// <summary>The type of its resources.</summary>
    internal Type Type { get; }

    /// <summary>As calicoctl and libcalico-go call its type: <c>IPPool</c>.</summary>
    internal string TypeName { get; }

    /// <summary>The kind of a name; null when it is none of them.</summary>
    public static Kind? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The kind that <c>calicoctl get</c> takes a word for; null when it takes it for none.</summary>
    public static Kind? FindAlias(string word) => ByAlias.GetValueOrDefault(word);

    /// <summary>The kind of a resource.</summary>
    /// <exception cref="ArgumentException">It is none of them.</exception>
    public static Kind OfResource(object resource) => resource is not null && ByType.TryGetValue(resource.GetType(), out var kind)
        ? kind
        : throw new ArgumentException($"{resource?.GetType().Name ?? "null"} is not a calicoctl kind", nameof(resource));

    /// <summary>The kind whose resources are of a type; null when it is that of none.</summary>
    public static Kind? FindType(Type type) => ByType.GetValueOrDefault(type);

    // Identity.

    /// <summary>Field that names the identity in the kind's document.</summary>
    internal virtual string Field => "metadata.name";

    /// <summary>The identity of a resource.</summary>
    internal abstract ResourceId IdOf(object resource);

    /// <summary>See <see cref="ResourceId.Label"/>.</summary>
    internal virtual string LabelOf(ResourceId id) => id.Name;

    /// <summary>See <see cref="ResourceId.OfLabel"/>.</summary>
    internal virtual ResourceId? OfLabel(string label) => new(Name, label);

    /// <summary>How calicoctl names it in its errors, such as <c>Policy(name=web)</c>.</summary>
    internal virtual string Describe(ResourceId id) => $"{TypeName}(name={id.Name})";

    /// <summary>How calicoctl names what it did not find.</summary>
    internal virtual string DescribeMissing(ResourceId id) => Describe(id);

    /// <summary>Whether the resource has no name yet, which <c>calicoctl create</c> then gives it.</summary>
    internal virtual bool IsNameless(object resource) => false;

    /// <summary>A resource that is nameless, with a name.</summary>
    internal virtual object WithName(object resource, string name) => resource;

    // Keys and what is stored.

    /// <summary>The keys that a resource may have, the one that says whether it exists first; empty when the identity makes no key.</summary>
    internal abstract ImmutableArray<string> Keys(ResourceId id);

    /// <summary>The bytes that calicoctl 1.6.3 writes, key by key; a value of null deletes the key if it is there.</summary>
    internal abstract ImmutableArray<KeyValueWrite> Encode(object resource);

    /// <summary>The desired resource with what the stored one has and no document can say.</summary>
    internal abstract object Merge(object desired, object stored);

    /// <summary>Whether it has members that calicoctl does not know.</summary>
    internal abstract bool HasUnknown(object resource);

    /// <summary>The resource of an identity; null when there is none or its value cannot be read.</summary>
    internal abstract StoredResource? Find(CalicoState state, ResourceId id);

    /// <summary>Every one that can be read, in the order in which calicoctl lists them.</summary>
    internal abstract IEnumerable<StoredResource> In(CalicoState state);

    /// <summary>What <see cref="In"/> is ordered by.</summary>
    internal abstract string PlaceOf(StoredResource resource);

    /// <summary>The order of <see cref="PlaceOf"/>.</summary>
    internal abstract IComparer<string> PlaceOrder { get; }

    // Documents and tables.

    /// <summary>Reads the document's metadata and spec; null when the identity is missing.</summary>
    internal abstract object? Read(DocumentObject root);

    /// <summary>Writes the document, members in the order of libcalico-go's structs.</summary>
    internal abstract GoJsonWriter Write(object resource);

    /// <summary>What is wrong with a resource.</summary>
    internal abstract ValidationResult Validate(object resource);

    /// <summary>The columns of <c>calicoctl get</c>.</summary>
    internal abstract ImmutableArray<KindColumn> Columns { get; }

    // Rules.

    /// <summary>The rules of a resource; null of kinds without rules.</summary>
    internal virtual KindRules? RulesOf(object resource) => null;

    /// <summary>The rules in a value written under a key; null of keys of other kinds or without rules, and when the value cannot be read.</summary>
    internal virtual KindRules? RulesIn(V1Key key, ReadOnlyMemory<byte> value) => null;

    // Words and rules of changes.

    /// <summary>What follows from writing a resource, as far as it is told from the stored resources alone.</summary>
    internal virtual Effects EffectsOfWriting(object resource, CalicoState state) => Effects.None;

    /// <summary>How it is deleted.</summary>
    internal virtual Deletion DeletionOf(ResourceId id) => new();

    /// <summary>What to fear when a key of it whose value cannot be read is removed; null for nothing.</summary>
    internal virtual string? UnreadableRemoved => null;
}
