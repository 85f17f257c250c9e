using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Model;
using CalicoConsole.Core.Operations.Policies;
using CalicoConsole.Core.Operations.Resources;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Kept;

/// <summary>A resource of a draft that is not any more what it was when the draft was staged.</summary>
/// <param name="Resource">Which, as <c>policy web</c>.</param>
/// <param name="Base">Its document when the draft was staged; null when it did not exist.</param>
/// <param name="Now">Its document now; null when it does not exist.</param>
public sealed record DraftConflict(string Resource, string? Base, string? Now);

/// <summary>How a draft stands towards what is stored now.</summary>
public enum DraftState
{
    /// <summary>Nothing stands against it: what it changes is as it was when it was staged, or as the draft has it.</summary>
    Ready,

    /// <summary>All that it writes is stored already, whoever wrote it: there is nothing to apply.</summary>
    InForce,

    /// <summary>Something that it changes is neither what it was when the draft was staged nor what the draft makes of it.</summary>
    Conflict,
}

/// <summary>A draft against a snapshot.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Conflicts">What was changed since; empty unless it is a conflict.</param>
/// <param name="Operation">What applying it is: refused while there are conflicts, and when anything of it changes after the snapshot.</param>
public sealed record DraftStanding(DraftState State, ImmutableArray<DraftConflict> Conflicts, ApplyManifest Operation);

/// <summary>
/// A change that is prepared and not yet applied, kept by the console: a manifest with what stood when it was staged. Its document is
/// <c>{"manifest":"…","seen":{"policy web":41},"base":{"policy web":"…"},"note":"…","by":"…","at":"…"}</c>; revision 0 means that there was none.
/// </summary>
public sealed record StagedDraft
{
    /// <summary>The manifest (YAML).</summary>
    public required string Manifest { get; init; }

    /// <summary>The revisions of its resources when it was staged.</summary>
    public required ImmutableSortedDictionary<string, ulong> Seen { get; init; }

    /// <summary>The documents of its resources when it was staged; those that did not exist are missing.</summary>
    public required ImmutableSortedDictionary<string, string> Base { get; init; }

    /// <summary>Why, for who applies it.</summary>
    public string Note { get; init; } = "";

    /// <summary>Who staged it.</summary>
    public string By { get; init; } = "";

    /// <summary>When (UTC).</summary>
    public DateTimeOffset At { get; init; }

    /// <summary>A draft of a manifest on what a snapshot holds.</summary>
    public static StagedDraft From(string manifest, ClusterSnapshot snapshot, string note, string by, DateTimeOffset at)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var ids = Ids(ManifestReader.Read(manifest));
        return new StagedDraft
        {
            Manifest = manifest,
            Seen = ids.ToImmutableSortedDictionary(SeenResources.Name, i => SeenResources.RevisionOf(snapshot, i), StringComparer.Ordinal),
            Base = ids.Where(i => snapshot.Calico.FindResource(i) is not null)
                .ToImmutableSortedDictionary(SeenResources.Name, i => Document(snapshot, i)!, StringComparer.Ordinal),
            Note = note,
            By = by,
            At = at,
        };
    }

    /// <summary>The manifest that an operation of a form amounts to; null when it is none of profiles and policies.</summary>
    public static string? ManifestOf(Operation? operation, ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var policies = snapshot.Calico.Policies;
        return operation switch
        {
            WriteResource { Resource: Profile or Policy } o => ResourceDocument.ToYaml(o.Resource),
            ReorderPolicies o when o.Wanted.All(policies.ContainsKey)
                && PolicyRenumbering.Changes([.. o.Wanted.Select(n => new PolicyOrder(n, policies[n].Value.Order))]) is { IsEmpty: false } changes =>
                string.Join("---\n", changes.Select(c => ResourceDocument.ToYaml(policies[c.Name].Value with { Order = c.Order }))),
            ApplyManifest { Verb: ManifestVerb.Apply, Manifest: { IsValid: true, Items.IsEmpty: false } manifest } => manifest.Text,
            _ => null,
        };
    }

    /// <summary>Reads a kept document; null when it is no draft.</summary>
    public static StagedDraft? Read(KeptItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        try
        {
            using var document = JsonDocument.Parse(item.Json);
            var root = document.RootElement;
            return new StagedDraft
            {
                Manifest = root.GetProperty("manifest").GetString()!,
                Seen = root.GetProperty("seen").EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetUInt64(), StringComparer.Ordinal),
                Base = root.GetProperty("base").EnumerateObject().ToImmutableSortedDictionary(p => p.Name, p => p.Value.GetString()!, StringComparer.Ordinal),
                Note = root.GetProperty("note").GetString() ?? "",
                By = root.GetProperty("by").GetString() ?? "",
                At = root.GetProperty("at").GetDateTimeOffset(),
            };
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>What is wrong with a manifest to be kept as a draft, with its place in the text; empty when nothing is.</summary>
    public static ImmutableArray<FieldError> Errors(string manifest)
    {
        var read = ManifestReader.Read(manifest);
        return read.Items.IsEmpty
            ? [new FieldError("manifest", "holds no resource")]
            : [.. read.Items.SelectMany(i => i.Errors.Concat(i.Late).Select(e => new FieldError("manifest", WithPlace(i, e))))];
    }

    private static string WithPlace(ManifestItem item, ManifestError error)
    {
        var subject = string.Join(' ', new[] { item.Kind, item.Name, error.Field }.Where(t => t.Length > 0).DefaultIfEmpty("document"));
        return string.Create(CultureInfo.InvariantCulture, $"line {error.Line}, column {error.Column}: {subject}: {error.Reason}");
    }

    /// <summary>The document to keep.</summary>
    public string ToJson() => new JsonObject
    {
        ["manifest"] = Manifest,
        ["seen"] = new JsonObject(Seen.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
        ["base"] = new JsonObject(Base.Select(s => KeyValuePair.Create(s.Key, (JsonNode?)s.Value))),
        ["note"] = Note,
        ["by"] = By,
        ["at"] = At.ToString("O", CultureInfo.InvariantCulture),
    }.ToJsonString();

    /// <summary>
    /// How it stands on a snapshot. A resource that was written again as it was, as a repeated <c>calicoctl apply</c> does, has not changed; one that says what
    /// the draft
    /// says is no conflict either.
    /// </summary>
    public DraftStanding On(ClusterSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        var manifest = ManifestReader.Read(Manifest);
        var ids = Ids(manifest);
        var standing = ManifestPlanner.Standing(manifest, snapshot);
        ImmutableArray<DraftConflict> conflicts =
        [
            .. ids.Where(i => !standing.Contains(SeenResources.Name(i)) && IsChanged(snapshot, i))
                .Select(i => new DraftConflict(SeenResources.Name(i), Base.GetValueOrDefault(SeenResources.Name(i)), Document(snapshot, i))),
        ];
        var state = !conflicts.IsEmpty ? DraftState.Conflict : manifest.IsValid && !ids.IsEmpty && ids.All(i => standing.Contains(SeenResources.Name(i)))
            ? DraftState.InForce : DraftState.Ready;
        return new DraftStanding(state, conflicts, new ApplyManifest(ManifestVerb.Apply, manifest)
        {
            Expected = ids.ToImmutableSortedDictionary(SeenResources.Name, i => conflicts.Any(c => c.Resource == SeenResources.Name(i))
                ? Seen.GetValueOrDefault(SeenResources.Name(i)) : SeenResources.RevisionOf(snapshot, i), StringComparer.Ordinal),
        });
    }

    private static ImmutableArray<ResourceId> Ids(Manifest manifest) =>
        [.. manifest.Items.Select(i => i.Resource).OfType<object>().Select(ResourceId.From).DistinctBy(i => i.ToString())];

    private bool IsChanged(ClusterSnapshot snapshot, ResourceId id) =>
        Seen.GetValueOrDefault(SeenResources.Name(id)) != SeenResources.RevisionOf(snapshot, id)
            && Base.GetValueOrDefault(SeenResources.Name(id)) != Document(snapshot, id);

    private static string? Document(ClusterSnapshot snapshot, ResourceId id) => snapshot.Calico.FindResource(id) is { } stored
        ? ResourceDocument.ToYaml(stored.Value) : null;
}
