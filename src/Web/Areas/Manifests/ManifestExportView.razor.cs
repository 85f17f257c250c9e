using System.Collections.Immutable;
using CalicoConsole.Core.Kinds;
using CalicoConsole.Core.Manifests;
using CalicoConsole.Web.Kit;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Manifests;

public sealed partial class ManifestExportView
{
    private const int Most = 200;
    private ImmutableArray<object> _found = [];
    private string _text = "";
    private int _left;
    private (ulong Revision, string? Kinds, string? Contains, ExportFormat Format)? _drawn;

    /// <summary>Kinds, with commas between them; none for all.</summary>
    [Parameter]
    public string? KindList { get; set; }

    /// <summary>A part of the name.</summary>
    [Parameter]
    public string? Contains { get; set; }

    /// <summary>The form, as <c>calicoctl get -o</c> names it; YAML for any other word.</summary>
    [Parameter]
    public string? Output { get; set; }

    private ExportFormat Format => ManifestExport.Formats.FirstOrDefault(f => f.Word == Output).Format;

    private bool IsTable => Format is ExportFormat.Wide or ExportFormat.Ps;

    // The word of the format that is shown; none of the usual one.
    private string? Word => Format == ExportFormat.Yaml ? null : Output;

    private ImmutableArray<string> Chosen => [.. (KindList ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(ManifestExport.Kind)
        .OfType<string>()];

    private string Title => _found.Length > Most
        ? $"First {Most} of {_found.Length.Grouped()} resources: download for all"
        : _found.Length == 1 ? "1 resource" : $"{_found.Length} resources";

    protected override void OnParametersSet() => OnSnapshot();

    protected override void OnSnapshot()
    {
        // Written out only when something of it can have changed.
        var now = (Snapshot.Calico.Revision, KindList, Contains, Format);
        if (_drawn != now)
        {
            _drawn = now;
            var filter = new ExportFilter { Kinds = Chosen, Contains = Contains };
            _found = ManifestExport.Select(Snapshot.Calico, filter);
            _text = Format == ExportFormat.Yaml ? ManifestExport.ToDocuments(_found.Take(Most))
                : ManifestExport.Write(Format, filter, _found.Take(Most), Snapshot.Calico);
            _left = Snapshot.Calico.Unparsable.Values.Count(u => Kind.Names.Contains(u.Kind));
        }
    }

    private static string Name(ExportFormat format) => format switch
    {
        ExportFormat.Yaml => "YAML",
        ExportFormat.Json => "JSON",
        ExportFormat.Wide => "Table, all columns",
        ExportFormat.Ps => "Table, names",
    };

    private string Count(string kind) => Snapshot.Calico.ResourcesOf(kind).Count().Grouped();

    private void Toggle(string kind, bool on)
    {
        ImmutableArray<string> now = Chosen.IsEmpty ? Kind.Names : Chosen;
        var next = Kind.Names.Where(k => k == kind ? on : now.Contains(k)).ToArray();
        Go("kind", next.Length == Kind.Names.Length || next.Length == 0 ? null : string.Join(',', next));
    }

    private void Go(string name, string? value) => Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(name, string.IsNullOrEmpty(value) ? null : value),
        replace: true);
}
