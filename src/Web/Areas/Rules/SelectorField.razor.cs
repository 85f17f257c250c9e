using System.Collections.Immutable;
using System.Globalization;
using CalicoConsole.Core.Selectors;
using CalicoConsole.Core.Snapshot;
using CalicoConsole.Web.Kit.Forms;
using Microsoft.AspNetCore.Components;

namespace CalicoConsole.Web.Areas.Rules;

public sealed partial class SelectorField
{
    private SelectorError? _error;
    private int _workloads;
    private int _hosts;
    private (string Value, EndpointClasses Classes) _counted = ("", EndpointClasses.Empty);

    [Parameter, EditorRequired]
    public string Field { get; set; } = "";

    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Parameter]
    public string Value { get; set; } = "";

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    [Parameter]
    public string? Help { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    /// <summary>Keys and values of labels that are offered.</summary>
    [Parameter]
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Keys { get; set; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    /// <summary>The endpoints to count among.</summary>
    [Parameter, EditorRequired]
    public EndpointClasses Classes { get; set; } = EndpointClasses.Empty;

    [CascadingParameter]
    private FormContext Form { get; set; } = default!;

    private string _matches => (_workloads + _hosts).ToString(CultureInfo.InvariantCulture);

    protected override void OnParametersSet()
    {
        if (_counted != (Value, Classes))
        {
            _counted = (Value, Classes);
            (_workloads, _hosts) = Selector.TryParse(Value, out var selector, out _error) ? (Classes.Workloads(selector), Classes.HostEndpoints(selector))
                : (0, 0);
        }
    }

    private static string Words(int count, string what) => string.Create(CultureInfo.InvariantCulture, $"{count:N0} {what}{(count == 1 ? "" : "s")}");
}
