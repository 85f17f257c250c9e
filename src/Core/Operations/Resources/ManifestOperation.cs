using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Core.Snapshot;

namespace CalicoConsole.Core.Operations.Resources;

/// <summary>calicoctl's commands that take a manifest (docs/calico-v1.md#commands).</summary>
public enum ManifestVerb
{
    /// <summary>Each resource must be absent.</summary>
    Create,

    /// <summary>Creates or replaces.</summary>
    Apply,

    /// <summary>Each resource must be there.</summary>
    Replace,

    /// <summary>Deletes each resource.</summary>
    Delete,
}

/// <summary>
/// Creates, applies, replaces or deletes every resource of a manifest, in order, each by compare-and-swap. It stops at the first one that is
/// refused or fails, as calicoctl does; what is done stays done. A manifest of which anything is not valid writes nothing.
/// </summary>
public sealed record ApplyManifest : Operation, INamedOperation
{
    /// <summary>
    /// Makes the operation. A workloadEndpoint that <see cref="ManifestVerb.Create"/> finds without a name gets a UUID for one, as from calicoctl.
    /// </summary>
    public ApplyManifest(ManifestVerb verb, Manifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        (Verb, Manifest) = (verb, verb == ManifestVerb.Create ? manifest with { Items = [.. manifest.Items.Select(Named)] } : manifest);
        var kinds = Manifest.Items.GroupBy(i => i.Kind).Select(g => g.Key.Length == 0 ? "resource" : g.Key).Distinct().Take(2).ToList();
        ObjectName = Manifest.Items switch
        {
            [] => "(empty)",
            [var only] => $"{only.Kind} {only.Name}".Trim(),
            [var first, ..] => $"{Manifest.Items.Length} {(kinds.Count == 1 ? kinds[0] : "resource")} documents, first {first.Kind} {first.Name}".TrimEnd(),
        };
    }

    /// <inheritdoc/>
    public static ImmutableArray<OperationName> Names { get; } = [.. Enum.GetValues<ManifestVerb>().Select(Named)];

    /// <summary>The command.</summary>
    public ManifestVerb Verb { get; }

    /// <summary>What it is about.</summary>
    public Manifest Manifest { get; }

    /// <summary>Whether it goes on with the next resource after one that is refused or fails.</summary>
    public bool ContinueOnError { get; init; }

    /// <summary>Confirms that endpoints lose what they use, for <see cref="ManifestVerb.Delete"/>; without it such a deletion is refused.</summary>
    public bool EvenIfInUse { get; init; }

    /// <summary>Confirms that the OpenStack driver will rewrite them: profiles of security groups are refused without it.</summary>
    public bool EvenIfRewritten { get; init; }

    /// <summary>Revisions of resources, by kind and name as <c>policy web</c>, 0 for none, at which alone it is applied; null takes the snapshot's.</summary>
    public ImmutableSortedDictionary<string, ulong>? Expected { get; init; }

    /// <summary>What becomes the cluster's GUID when a node is written and there is none yet: 32 lower-case hex digits.</summary>
    public string ClusterGuid { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>Asked between the resources while it is planned: nobody is waiting for the plan now.</summary>
    public CancellationToken Abandoned { get; init; }

    /// <inheritdoc/>
    public override Permission Permission => Permission.Network;

    /// <inheritdoc/>
    public override OperationWords Words =>
        Called.About(Verb == ManifestVerb.Apply ? "the manifest" : "what the manifest names") with { Object = "the manifest" };

    /// <inheritdoc/>
    public override string ObjectKind => "manifest";

    /// <inheritdoc/>
    public override string ObjectName { get; }

    /// <inheritdoc/>
    public override IEnumerable<NextStep> NextSteps(OperationResult result, ClusterSnapshot snapshot) => [NextStep.Page(ConsolePage.Manifests)];

    /// <inheritdoc/>
    protected override OperationName Called => Named(Verb);

    private static OperationName Named(ManifestVerb verb) => verb switch
    {
        ManifestVerb.Create => new("manifest.create", "Create from manifest", "Creating", "Created"),
        ManifestVerb.Apply => new("manifest.apply", "Apply manifest", "Applying", "Applied"),
        ManifestVerb.Replace => new("manifest.replace", "Replace from manifest", "Replacing", "Replaced"),
        ManifestVerb.Delete => new("manifest.delete", "Delete what a manifest names", "Deleting", "Deleted"),
    };

    private static ManifestItem Named(ManifestItem item)
    {
        if (item.Resource is not { } resource || Kind.OfResource(resource) is not { } kind || !kind.IsNameless(resource))
        {
            return item;
        }

        var named = kind.WithName(resource, Guid.NewGuid().ToString());
        return item with { Resource = named, Name = ResourceId.From(named).Label };
    }
}

/// <summary>Words for manifests.</summary>
public static class ManifestWords
{
    /// <summary>A command as calicoctl spells it.</summary>
    public static string For(ManifestVerb verb) => verb.ToString().ToLowerInvariant();

    /// <summary>An outcome as the API spells it.</summary>
    public static string For(DocumentOutcome outcome) => outcome.ToString().ToLowerInvariant();

    /// <summary>How a command that has worked is called.</summary>
    public static DocumentOutcome Done(ManifestVerb verb) => verb switch
    {
        ManifestVerb.Create => DocumentOutcome.Created,
        ManifestVerb.Replace => DocumentOutcome.Replaced,
        ManifestVerb.Delete => DocumentOutcome.Deleted,
        ManifestVerb.Apply => DocumentOutcome.Applied,
    };

    /// <summary>How a manifest ended that went through, as calicoctl says it (docs/calico-v1.md#commands).</summary>
    public static string Success(ManifestVerb verb, IReadOnlyList<DocumentResult> results)
    {
        var kinds = results.Select(r => r.Item.Kind).Distinct(StringComparer.Ordinal).ToList();
        return string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"Successfully {For(Done(verb))} {results.Count} {(kinds.Count == 1 ? $"'{kinds[0]}' " : "")}resource(s)");
    }

    /// <summary>How a manifest ended that did not go through, as calicoctl says it (docs/calico-v1.md#commands).</summary>
    public static string Failure(ManifestVerb verb, IReadOnlyList<DocumentResult> results)
    {
        var kinds = results.Select(r => r.Item.Kind).Distinct(StringComparer.Ordinal).ToList();
        var what = kinds.Count == 1 && kinds[0].Length > 0 ? $"'{kinds[0]}' resource" : "resource";
        var done = results.Count(r => r.Outcome is not (DocumentOutcome.Refused or DocumentOutcome.Failed or DocumentOutcome.Skipped));
        var hit = results.FirstOrDefault(r => r.Outcome is DocumentOutcome.Refused or DocumentOutcome.Failed);
        var reason = hit is null ? "stopped" : $"{(results.Count == 1 ? "" : $"{hit.Step}: ")}{string.Join("; ", hit.Errors.Select(e => e.Reason))}";
        var others = results.Count(r => r.Outcome is DocumentOutcome.Refused or DocumentOutcome.Failed) is var count and > 1
            ? $" ({count - 1} more did not go through)" : "";
        return done == 0
            ? $"Failed to {For(verb)} {(results.Count == 1 ? "" : "any ")}{what}{(results.Count == 1 ? "" : "s")}: {reason}{others}"
            : $"Partial success: {For(Done(verb))} {done} out of {results.Count} {what}s. Hit error: {reason}{others}";
    }
}
