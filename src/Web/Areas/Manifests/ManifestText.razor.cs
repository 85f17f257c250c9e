using System.Collections.Immutable;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Manifests;

public sealed partial class ManifestText
{
    /// <summary>Longer texts are not edited in the browser: each key would send them whole.</summary>
    public const int MaxLength = 500_000;

    private const int Most = 20;
    private const string Example = "apiVersion: v1\nkind: policy\nmetadata:\n  name: web\nspec:\n  selector: role == 'web'\n  ingress:\n  - action: allow";

    private string[] _lines = [];

    /// <summary>The text as read; null while there is none.</summary>
    [Parameter]
    public Manifest? Manifest { get; set; }

    private ImmutableArray<(ManifestItem Item, ManifestError Error)> Wrong { get; set; } = [];

    private ImmutableArray<ManifestNote> Notes => Manifest?.Notes ?? [];

    private ImmutableArray<TextMark> Marks =>
    [
        .. Wrong.Select(w => w.Error).Select(e => new TextMark(e.Line, e.Column, true, e.Field.Length > 0 ? $"{e.Field}: {e.Reason}" : e.Reason)),
        .. Notes.Select(n => new TextMark(n.Line, n.Column, false, n.Text)),
    ];

    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        Wrong = Manifest is null ? [] : [.. Manifest.Items.SelectMany(i => i.Errors.Concat(i.Late).Select(e => (i, e)))];
        _lines = Wrong.IsEmpty ? [] : Value.Split('\n');
    }

    private string Excerpt(int line) => line <= _lines.Length ? _lines[line - 1] is { Length: > 120 } text ? text[..120] + "…" : _lines[line - 1] : "";
}
