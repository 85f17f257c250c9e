using System.Collections.Immutable;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Configuration;

public sealed partial class OtherKeysPage
{
    private ImmutableArray<OtherKey> _keys = [];
    private (EmptyKind Kind, string? Reason) _empty;
    private CalicoState? _of;
    private OtherKey? _asked;

    /// <summary>What the list is filtered by; a whole key is told in full.</summary>
    [SupplyParameterFromQuery(Name = "q")]
    public string? Asked { get; set; }

    protected override void OnParametersSet() => OnSnapshot();

    protected override void OnSnapshot()
    {
        if (!ReferenceEquals(_of, Snapshot.Calico))
        {
            (_of, _keys) = (Snapshot.Calico, OtherKeys.AllIn(Snapshot.Calico));
        }

        _asked = _keys.FirstOrDefault(k => k.Stored.Key == Asked);
        _empty = FeedWords.Empty(Snapshot, FeedWords.Etcd);
    }

    private static string Words(OtherKeyFate fate) => fate switch
    {
        OtherKeyFate.Enforced => "enforced",
        OtherKeyFate.Read => "read",
        OtherKeyFate.Ignored => "ignored",
        _ => throw new ArgumentOutOfRangeException(nameof(fate), fate, null),
    };

    private static ChipState ChipOf(OtherKeyFate fate) => fate switch
    {
        OtherKeyFate.Enforced => ChipState.Attention,
        OtherKeyFate.Read => ChipState.Healthy,
        OtherKeyFate.Ignored => ChipState.Idle,
        _ => throw new ArgumentOutOfRangeException(nameof(fate), fate, null),
    };

    private static string Short(string text) => text.Length > 200 ? $"{text[..200]}…" : text;
}
