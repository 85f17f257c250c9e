using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using CalicoConsole.Core.Manifests;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CalicoConsole.Web.Kit.Forms;

/// <summary>What an editor is for.</summary>
public enum YamlEditorMode
{
    /// <summary>A text area is written.</summary>
    Write,

    /// <summary>A pre is read.</summary>
    Read,

    /// <summary>A text area is written beside somebody else's text.</summary>
    Merge,
}

/// <summary>What is wrong or doubtful at a place of a text.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column, from 1.</param>
/// <param name="Error">Whether it is wrong, not only doubtful.</param>
/// <param name="Text">What.</param>
public sealed record TextMark(int Line, int Column, bool Error, string Text);

public sealed partial class YamlEditor
{
    private const string Module = "./bundles/yaml-editor.js";
    private const int MostMarks = 100;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    private static readonly Lazy<string> Schema = new(() => JsonSerializer.Serialize(ManifestSchema.Whole, Json));

    private ElementReference _host;
    private ComponentScript? _script;
    private string? _marks;
    private bool _plain;

    [Parameter]
    public YamlEditorMode Mode { get; set; }

    /// <summary>What is wrong, shown on its line.</summary>
    [Parameter]
    public ImmutableArray<TextMark> Marks { get; set; } = [];

    /// <summary>The other text of a merge.</summary>
    [Parameter]
    public string? Theirs { get; set; }

    /// <summary>Its name.</summary>
    [Parameter]
    public string? TheirsLabel { get; set; }

    [Parameter]
    public string? Class { get; set; }

    /// <summary>The text area, or the pre.</summary>
    [Parameter, EditorRequired]
    public RenderFragment ChildContent { get; set; } = default!;

    public async ValueTask DisposeAsync()
    {
        if (_script is not null)
        {
            await _script.DisposeAsync();
        }
    }

    protected override void OnParametersSet() => _marks = Marks.IsEmpty ? null : JsonSerializer.Serialize(Marks.Take(MostMarks), Json);

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }

        try
        {
            _script = new ComponentScript(Js, Module, stop: null);
            await (Mode switch
            {
                YamlEditorMode.Write => _script.MakeAsync("edit", _host, Schema.Value),
                YamlEditorMode.Read => _script.MakeAsync("show", _host),
                YamlEditorMode.Merge => _script.MakeAsync("merge", _host, Schema.Value),
            });
        }
        catch (Exception e) when (e is JSException or OperationCanceledException)
        {
            // Not built, not reached, or not in time: the text itself serves.
            _plain = true;
            StateHasChanged();
        }
    }
}
